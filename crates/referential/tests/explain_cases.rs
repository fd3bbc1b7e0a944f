//! What is missing and the least change, in cases that are easily told wrong.

#[path = "common/compiled.rs"]
mod compiled;

use cocarde_model::{Date, Decimal, FactBase, Interval, Provenance, Schema, Value};
use cocarde_referential::eval::{Context, Policies, Policy};
use cocarde_referential::explain::{Bound, Edit, Missing, MissingSet, Nearest, missing, nearest};
use cocarde_referential::rule::Rule;

const DAY: Date = Date::constant(2026, 11, 23);

fn dossier(text: &str) -> FactBase {
    let text = format!("[dossier]\nformat = 1\n{text}");
    let read = cocarde_dossier::read_texts(&[("dossier.toml", &text)]);
    read.map_err(|_| "a dossier").expect("well-formed").base
}

fn rule(text: &str) -> Rule {
    compiled::compiled(Schema::standard(), text)
}

fn told<T>(text: &str, rule: &Rule, f: impl Fn(&Rule, &Context<'_>) -> T) -> T {
    let (base, policies) = (dossier(text), Policies::uniform(Policy::lenient()));
    f(rule, &Context::new(&base, &policies, DAY))
}

fn least(text: &str, of: &str) -> Nearest {
    let told = told(text, &rule(of), |rule, ctx| nearest(rule, ctx, 1000));
    told.unwrap_or_else(|| panic!("{of}: a change"))
}

/// The names of what is missing, set by set.
fn sets(text: &str, of: &str) -> Vec<Vec<String>> {
    told(text, &rule(of), |rule, ctx| {
        let Missing { sets, .. } = missing(rule, ctx);
        let names = |set: &MissingSet| set.of.iter().map(|k| ctx.base.slot_name(*k)).collect();
        sets.iter().map(names).collect()
    })
}

#[test]
fn a_share_of_what_may_be_nothing_is_not_told_by_one_part() {
    let share = "share(sum(offering.activities.filter(a, a.country == \"FR\").map(a, a.staff)), \
                 sum(offering.activities.map(a, a.staff))) >= 50";
    let one = |id: &str| format!("[[activity]]\nid = \"{id}\"\ncountry = \"FR\"\n");
    let text = one("a") + &one("b");
    assert_eq!(
        sets(&text, share),
        [["activity:a.staff", "activity:b.staff"]]
    );
}

#[test]
fn an_amount_that_says_whether_it_counts_is_not_gone_through_as_if_it_did() {
    let few = "sum(offering.suppliers.filter(s, s.spend < 30).map(s, s.spend)) >= 10";
    let text = "[[supplier]]\nid = \"a\"\nspend = { min = 5, max = 29 }\n\
                [[supplier]]\nid = \"b\"\nspend = { min = 0, max = 40 }\n\
                [[supplier]]\nid = \"c\"\nspend = { min = 1, max = 5 }\n";
    // With 5 and 35 it still hangs on the third.
    let all = ["supplier:a.spend", "supplier:b.spend", "supplier:c.spend"];
    assert_eq!(sets(text, few), [all]);
}

#[test]
fn a_share_of_nothing_may_be_small_enough() {
    let share = "share(sum(offering.suppliers.filter(s, s.role == \"mail\").map(s, s.spend)), \
                 sum(offering.suppliers.map(s, s.spend))) < 50";
    let change = least("", share);
    assert_eq!(change.cost, 1);
    assert!(matches!(change.edits[..], [Edit::Complete(_)]));
}

#[test]
fn what_is_claimed_in_part_may_well_be_so_already() {
    let text = "[security]\nlog_retention_days = { min = 4, max = 31 }\npatch_days = 6\n";
    let change = least(text, "security.log_retention_days >= security.patch_days");
    assert_eq!(change.cost, 1);
    assert!(matches!(change.edits[..], [Edit::Establish(..)]));
}

#[test]
fn countries_are_not_taken_for_other_words() {
    let text =
        "[[hosting]]\nid = \"a\"\nkeys_held_by = \"applicant\"\nadministered_from = [\"FR\"]\n";
    let two = "offering.hosting.filter(h, size(h.administered_from) == 2)\
               .exists(h, h.keys_held_by == \"applicant\")";
    let change = told(text, &rule(two), |rule, ctx| nearest(rule, ctx, 1000));
    let words = change.iter().flat_map(|n| &n.edits).flat_map(|e| match e {
        Edit::Change(_, Value::Texts(words)) => words.to_vec(),
        _ => Vec::new(),
    });
    assert!(words.into_iter().all(|w| w.len() == 2), "{change:?}");
}

#[test]
fn where_any_text_will_do_none_is_made_up() {
    let rule = "offering.kind == \"goods\" && size(product.range) > 0";
    let change = least("[offering]\nkind = \"goods\"\n", rule);
    let [Edit::Establish(_, value)] = &change.edits[..] else {
        panic!("{change:?}");
    };
    assert_eq!(*value, Value::text("…"), "a kind is no range");
}

#[test]
fn amounts_and_days_are_told_with_how_far_they_may_go() {
    let bound = |at: i64, included: bool| {
        let at = Value::Number(Interval::point(Decimal::from(at)));
        Some(Bound { at, included })
    };
    let reach = |rule: &str| {
        let change = least("", rule);
        let [reach] = &change.reaches[..] else {
            panic!("{change:?}");
        };
        (reach.least.clone(), reach.most.clone())
    };
    assert_eq!(
        reach("protection.breach_hours <= 72"),
        (None, bound(72, true))
    );
    assert_eq!(
        reach("protection.breach_hours < 72"),
        (None, bound(72, false))
    );
    assert_eq!(reach("value.french_share > 50"), (bound(50, false), None));
    let day = Some(Bound {
        at: Value::Date(DAY),
        included: true,
    });
    assert_eq!(reach("security.risk_analysis_date <= as_of"), (None, day));
}

#[test]
fn an_amount_may_go_on_where_that_is_shown_whatever_else_is_not_known() {
    let part = |which: &str| format!("sum(offering.activities{which}.map(a, a.cost))");
    let (french, all) = (part(".filter(a, a.country == \"FR\")"), part(""));
    let rule = format!("{all} > 0 && share({french}, {all}) >= 50");
    let one = |id: &str| format!("[[activity]]\nid = \"{id}\"\ncountry = \"FR\"\n");
    let change = least(&(one("a") + &one("b")), &rule);
    let [reach] = &change.reaches[..] else {
        panic!("{change:?}");
    };
    // The cost of the other is open.
    let cent = Value::Number(Interval::point(Decimal::new(1, 2)));
    let least = Bound {
        at: cent,
        included: true,
    };
    assert_eq!((&reach.least, &reach.most), (&Some(least), &None));
}

#[test]
fn of_two_ways_as_dear_the_one_that_proves_what_is_claimed_is_told() {
    let text = "[protection]\nofficer_named = true\n";
    let mut documented = Policy::lenient();
    documented.established_by[Provenance::Declared as usize] = None;
    let (base, policies) = (dossier(text), Policies::uniform(documented));
    let ctx = Context::new(&base, &policies, DAY);
    let either = rule("protection.records_kept || protection.officer_named");
    let change = nearest(&either, &ctx, 1000).expect("a change");
    let claimed = base
        .path(&["protection", "officer_named"])
        .expect("a property");
    assert_eq!(change.edits, [Edit::Establish(claimed, Value::Bool(true))]);
}

#[test]
fn as_many_records_are_added_as_are_asked_for_one_by_one() {
    let such = |kind| format!("offering.activities.exists(a, a.kind == \"{kind}\")");
    let kinds = ["design", "development", "operation", "support"].map(such);
    for asked in 1..=kinds.len() {
        let all = kinds[..asked].join(" && ");
        let change = least("", &format!("offering.kind == \"consulting\" || ({all})"));
        let escape = least("", "offering.kind == \"consulting\"");
        assert_eq!(change.edits.len(), 1, "what is not stated may be anything");
        assert_eq!(change.cost, escape.cost);
        let text = "[offering]\nkind = \"cloud\"\n";
        let change = least(text, &format!("offering.kind == \"consulting\" || ({all})"));
        let added = change.edits.iter().filter(|e| matches!(e, Edit::Add(..)));
        assert_eq!(added.count(), asked);
        assert!(change.proven);
    }
}

/// Facts that are compared with one another are tried with what is said of the other, and what
/// has to be worked out is not said to be proven.
#[test]
fn what_is_said_to_be_the_least_is_so() {
    let text = "[security]\nrisk_analysis_date = 2026-03-01\nbackups_tested_date = 2026-02-01\n\
                encryption_at_rest = false\npatch_days = 17\nlog_retention_days = 30\n\
                [[supplier]]\nid = \"s\"\ncan_reach = []\n";
    let or = " || security.encryption_at_rest";
    for (of, cost) in [
        (
            "security.patch_days == security.log_retention_days",
            Some(3),
        ),
        (
            "security.backups_tested_date >= security.risk_analysis_date",
            Some(4),
        ),
        (
            "security.backups_tested_date > security.risk_analysis_date",
            Some(4),
        ),
        ("security.patch_days * 2 == 60", None),
        (
            "security.patch_days + security.log_retention_days == 49",
            None,
        ),
        ("offering.suppliers.all(s, size(s.can_reach) >= 2)", None),
        (
            "security.patch_days * 2 >= 60 && security.patch_days * 2 <= 64",
            None,
        ),
        (
            "size(product.range) > 0 && security.patch_days <= 20",
            Some(1),
        ),
    ] {
        let of = format!("{of}{or}");
        let change = least(text, &of);
        match cost {
            Some(cost) => assert_eq!((change.cost, change.proven), (cost, true), "{of}"),
            None => assert!(!change.proven, "{of}"),
        }
    }
}
