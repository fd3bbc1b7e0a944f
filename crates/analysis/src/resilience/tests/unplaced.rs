//! States that nobody knows: none is told not to stop what one of them may.

use super::*;

/// A plant, with a fax of one provider, run in one country, where stated, and an own
/// one besides; one function needs the fax, another either.
fn faxed(provider: Option<RecordId>, country: &str, mut plant: Plant) -> Plant {
    let world = &mut plant.world;
    let part = world.part("resilience");
    let fax = world.add(part, "services", "fax");
    world.say(fax, "name", "Fax");
    if let Some(provider) = provider {
        world.link(fax, "provided_by", provider);
    }
    if !country.is_empty() {
        world.say(fax, "country", country);
    }
    let own = world.add(part, "services", "fax-local");
    let applicant = world.applicant();
    world.link(own, "provided_by", applicant);
    world.say(own, "country", "FR");
    for (id, of) in [("commandes", "fax"), ("avis", "fax fax-local")] {
        let function = world.add(part, "functions", id);
        world.say(function, "any_of", of);
    }
    plant
}

/// What is told of the function that needs the fax; of the other nothing stops it.
fn told(plant: &Plant) -> (Vec<Vec<String>>, Vec<String>) {
    let cuts = report(plant, "us-vendor-stop").cuts;
    let either = &cuts[3].jurisdiction;
    assert!(either.sets.is_empty() && either.missing.is_empty());
    let needed = cuts[2].jurisdiction.clone();
    let asked = needed.missing.into_iter().map(|l| l.en).collect();
    (needed.sets, asked)
}

const WHO: &str = "Fax: who provides it is not known";
const WHERE: &str = "Fax: where it is run is not known";

#[test]
fn a_service_of_nobody_knows_whom_may_be_of_any_state() {
    assert_eq!(
        told(&faxed(None, "", plant())),
        (vec![], vec![WHO.into(), WHERE.into()])
    );
    assert_eq!(
        told(&faxed(None, "FR", plant())),
        (vec![], vec![WHO.into()])
    );
    let certain = vec![vec!["DE".to_string()]];
    assert_eq!(
        told(&faxed(None, "DE", plant())),
        (certain, vec![WHO.into()])
    );
}

#[test]
fn a_provider_may_be_of_any_state_while_its_seat_or_control_is_open() {
    let asked = |seat: &str, controlled_from: &str| {
        let mut plant = plant();
        let world = &mut plant.world;
        let party = world.add(world.base.root(), "parties", "autre");
        for (field, value) in [
            ("name", "Autre"),
            ("kind", "company"),
            ("seat", seat),
            ("controlled_from", controlled_from),
        ] {
            if !value.is_empty() {
                world.say(party, field, value);
            }
        }
        told(&faxed(Some(party), "FR", plant))
    };
    let (seat, who) = (
        "the seat of Autre is not known",
        "who controls Autre is not known",
    );
    assert_eq!(asked("", ""), (vec![], vec![seat.into(), who.into()]));
    assert_eq!(asked("", "FR"), (vec![], vec![seat.into()]));
    assert_eq!(asked("FR", ""), (vec![], vec![who.into()]));
    assert_eq!(asked("FR", "FR"), (vec![], vec![]));
}

/// One who surely controls, from nobody knows where; and one who may.
#[test]
fn controllers_may_be_of_any_state_too() {
    let asked = |seat: &str, percent: &str| {
        let mut plant = plant();
        let world = &mut plant.world;
        let party = world.party("Autre", "company", "FR");
        let above = world.add(world.base.root(), "parties", "tete");
        world.say(above, "name", "Tête");
        world.say(above, "kind", "person");
        if !seat.is_empty() {
            world.say(above, "residence", seat);
        }
        world.holding(above, party, percent);
        told(&faxed(Some(party), "FR", plant))
    };
    let seat = "the residence of Tête is not known";
    assert_eq!(asked("", "100"), (vec![], vec![seat.into()]));
    assert_eq!(asked("FR", "100"), (vec![], vec![]));
    let (sets, perhaps) = asked("DE", "40..60");
    assert!(sets.is_empty());
    assert!(perhaps.contains(&"whether Tête controls Autre is not known".to_string()));
    let (_, perhaps) = asked("FR", "40..60");
    assert!(
        !perhaps.iter().any(|q| q.contains("whether")),
        "{perhaps:?}"
    );
}

/// What is known of all that a function needs is not asked; nor of what it does not.
#[test]
fn what_cannot_change_what_is_enough_is_not_asked() {
    let cuts = report(&faxed(None, "", plant()), "us-vendor-stop").cuts;
    let fax = |cut: &CutSummary| cut.missing.iter().any(|l| l.en.starts_with("Fax"));
    assert!(!fax(&cuts[0].jurisdiction) && !fax(&cuts[1].jurisdiction));
    for cut in &cuts {
        assert!(cut.actor.missing.is_empty() && cut.component.missing.is_empty());
    }
}

/// Ever so many, each of which would be enough.
#[test]
fn however_many_there_are_they_are_asked() {
    let mut plant = plant();
    let world = &mut plant.world;
    let part = world.part("resilience");
    let ids: Vec<String> = (0..1200).map(|i| format!("s{i}")).collect();
    for id in &ids {
        world.add(part, "services", id);
    }
    let function = world.add(part, "functions", "tout");
    world.say(function, "all_of", &ids.join(" "));
    let cuts = report(&plant, "us-vendor-stop").cuts;
    assert_eq!(cuts[2].jurisdiction.missing.len(), 2 * ids.len());
}
