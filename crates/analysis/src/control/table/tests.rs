use super::super::Holding;
use super::super::testing::*;
use super::*;
use proptest::prelude::*;

proptest! {
    /// The table says what each entity controls worked out alone.
    #[test]
    fn rows_are_what_each_controls_alone(
        list in proptest::collection::vec((0u32..8, 0u32..6, 1i64..70, 0i64..20), 0..14),
        complete: bool,
    ) {
        let mut entities: Vec<_> = (0..6).map(|i| company(&format!("c{i}"), "FR")).collect();
        entities.extend([state("s6", "FR"), state("s7", "US")]);
        let list = list.into_iter().filter(|l| l.0 != l.1);
        let holdings = list.map(|(a, b, lo, more)| {
            Holding::of(EntityId(a), EntityId(b), between(lo, lo + more))
        });
        let graph = ControlGraph::new(entities, holdings.collect(), complete);
        let Ok(graph) = graph else { return Ok(()) };
        let rule = ControlRule::default();
        let table = ControlTable::new(&graph, &rule);
        let alone = |x| graph.controlled_by(&Group::one(graph.len(), x), &rule).truth;
        let all = || (0..8).map(EntityId);
        let rows: Vec<_> = all().map(alone).collect();
        for x in all() {
            prop_assert_eq!(&table.controlled_by(x), &rows[x.index()]);
        }
        for id in all() {
            let controls = |x: &EntityId, y: &EntityId| rows[x.index()][y.index()] == Truth::True;
            let sure: Vec<_> = all().filter(|x| *x != id && controls(x, &id)).collect();
            let above = |x: &EntityId| sure.iter().filter(move |z| controls(z, x)).collect::<Vec<_>>();
            let top: Vec<_> = sure
                .iter()
                .filter(|x| above(x).iter().all(|z| controls(x, z)))
                .copied()
                .collect();
            prop_assert_eq!(&table.ultimate(id).sure, &top);
        }
    }
}
