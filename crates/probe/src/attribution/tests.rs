use super::*;
use proptest::prelude::*;

/// Fictional operators: a suite, a host of machines, a filter, a carrier of lines.
const KNOWN: &str = r#"
[[operator]]
id = "suite"
name = "Suite"
seat = "US"
parent = "suite-group"
mx = ["mail.suite.example"]
spf = ["spf.suite.example"]
autodiscover = ["auto.suite.example"]
dkim = ["keys.suite.example"]
source = ["https://suite.example/"]
date = "2026-06-17"
confidence = "high"

[[operator]]
id = "suite-group"
name = "Suite Group"
seat = "IE"
top = true
source = ["https://suite.example/"]
date = "2026-06-17"
confidence = "high"

[[operator]]
id = "machines"
name = "Machines"
seat = "FR"
mx = ["mx.machines.example"]
spf = ["spf.machines.example"]
ns = ["machines.example"]
site = ["machines.example"]
asn = [16276]
source = ["https://machines.example/"]
date = "2026-06-17"
confidence = "high"

[[operator]]
id = "filter"
name = "Filter"
seat = "DE"
gateway = ["filter.example"]
sender = ["spf.filter.example"]
asn = [25394]
source = ["https://filter.example/"]
date = "2026-06-17"
confidence = "high"

[[operator]]
id = "lines"
name = "Lines"
seat = "FR"
asn = [3215]
source = ["https://lines.example/"]
date = "2026-06-17"
confidence = "high"

[[operator]]
id = "edge"
name = "Edge"
seat = "US"
cdn = ["edge.example"]
source = ["https://edge.example/"]
date = "2026-06-17"
confidence = "high"
"#;

fn known() -> Operators {
    Operators::from_texts(&[("known.toml", KNOWN)]).unwrap()
}

fn host(json: serde_json::Value) -> (Option<String>, &'static str, Classification) {
    let seen = Observation::from_json(&json.to_string()).unwrap();
    let all = classify(&seen, &known());
    let host = all.first(Role::MailHost).unwrap();
    (
        host.operator.as_ref().map(|o| o.id.clone()),
        host.rule,
        all.clone(),
    )
}

fn check(json: serde_json::Value, operator: Option<&str>, rule: &str) {
    let (id, by, _) = host(json.clone());
    assert_eq!((id.as_deref(), by), (operator, rule), "{json}");
}

#[test]
fn the_exchanger_settles_it() {
    let mx = ["town-fr.mail.suite.example"];
    check(
        serde_json::json!({"domain": "town.example", "mx": mx}),
        Some("suite"),
        "mx-only",
    );
    check(
        serde_json::json!({"domain": "town.example", "mx": mx, "spf": "v=spf1 include:spf.suite.example -all"}),
        Some("suite"),
        "mx-and-more",
    );
    // An SPF of another host does not move it.
    check(
        serde_json::json!({"domain": "town.example", "mx": mx, "spf": "v=spf1 include:spf.machines.example -all"}),
        Some("suite"),
        "mx-only",
    );
}

#[test]
fn an_exchanger_under_an_own_name_is_followed_to_its_end() {
    check(
        serde_json::json!({"domain": "town.example", "mx": ["mx.town.example"],
            "aliases": [{"name": "mx.town.example", "target": "Mail.Suite.Example."}]}),
        Some("suite"),
        "mx-only",
    );
}

#[test]
fn behind_a_filter_the_signs_decide() {
    let base = |more: serde_json::Value| {
        let mut all = serde_json::json!({"domain": "town.example", "mx": ["a.filter.example"]});
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    let dkim = serde_json::json!([{"name": "s._domainkey.town.example", "target": "s.keys.suite.example"}]);
    let spf = "v=spf1 include:spf.suite.example include:spf.filter.example -all";
    check(base(serde_json::json!({})), None, "hidden");
    check(
        base(serde_json::json!({"dkim": dkim, "spf": spf})),
        Some("suite"),
        "behind-gateway-signed",
    );
    check(
        base(serde_json::json!({"spf": spf})),
        Some("suite"),
        "behind-gateway-one",
    );
    // Two hosts that weigh the same: nobody is named.
    let both = "v=spf1 include:spf.suite.example include:spf.machines.example -all";
    check(base(serde_json::json!({"spf": both})), None, "hidden");
    // A key weighs more than an include.
    let other = "v=spf1 include:spf.machines.example -all";
    check(
        base(serde_json::json!({"spf": other, "dkim": dkim})),
        Some("suite"),
        "behind-gateway-one",
    );
    // The zone added the domain to a name whose final dot was forgotten.
    let auto = serde_json::json!([{"name": "autodiscover.town.example", "target": "auto.suite.example.town.example"}]);
    check(
        base(serde_json::json!({"spf": both, "autodiscover": auto})),
        Some("suite"),
        "behind-gateway-several",
    );
}

#[test]
fn a_filter_is_known_by_its_network_too() {
    let (operator, rule, all) = host(serde_json::json!({
        "domain": "town.example", "mx": ["gate.town.example"],
        "networks": [{"of": "mx", "asn": 25394, "registered": "DE"}]}));
    assert_eq!((operator, rule), (None, "hidden"));
    let gate = all.first(Role::MailGateway).unwrap();
    assert_eq!(gate.operator.as_ref().unwrap().id, "filter");
}

#[test]
fn an_unnamed_server_is_its_hosts_machine_never_its_carriers() {
    let on = |asn: u32| {
        serde_json::json!({"domain": "town.example", "mx": ["mail.town.example"],
            "spf": "v=spf1 include:spf.suite.example -all",
            "networks": [{"of": "mx", "asn": asn, "registered": "FR"}]})
    };
    check(on(16276), Some("machines"), "unnamed-network");
    check(on(3215), None, "unnamed");
    check(on(64500), None, "unnamed");
    let (_, _, all) = host(on(3215));
    let answer = all.first(Role::MailHost).unwrap();
    assert_eq!(answer.networks[0].operator.as_deref(), Some("Lines"));
    // The include is kept as a possibility.
    assert_eq!(answer.otherwise[0].operator.id, "suite");
}

#[test]
fn the_chain_of_control_carries_jurisdictions() {
    let (_, _, all) =
        host(serde_json::json!({"domain": "town.example", "mx": ["x.mail.suite.example"]}));
    let party = all.first(Role::MailHost).unwrap().operator.clone().unwrap();
    assert_eq!(party.jurisdictions, ["IE", "US"]);
    assert!(party.complete);
    let (_, _, all) =
        host(serde_json::json!({"domain": "town.example", "mx": ["mx.machines.example"]}));
    let party = all.first(Role::MailHost).unwrap().operator.clone().unwrap();
    assert!(!party.complete, "nobody said who stands above");
}

#[test]
fn the_other_roles() {
    let (_, _, all) = host(serde_json::json!({"domain": "town.example",
        "spf": "v=spf1 include:spf.filter.example -all",
        "ns": ["ns1.machines.example", "ns.town.example"],
        "site": ["town.example", "www.town.example"],
        "aliases": [{"name": "www.town.example", "target": "t.edge.example"}],
        "networks": [{"of": "site", "host": "town.example", "asn": 16276}]}));
    let said: Vec<_> = all
        .answers
        .iter()
        .map(|a| (a.role, a.operator.as_ref().map_or("-", |o| &o.id), a.rule))
        .collect();
    assert_eq!(
        said,
        [
            (Role::MailHost, "-", "no-mx"),
            (Role::MailSender, "filter", "name"),
            (Role::Dns, "machines", "name"),
            (Role::Dns, "-", "nobody-known"),
            (Role::SiteHost, "machines", "network"),
            (Role::Cdn, "edge", "name"),
        ]
    );
}

#[test]
fn bad_lines_are_refused_with_a_reason() {
    for (line, word) in [
        ("{", "EOF"),
        ("{}", "domain"),
        (r#"{"domain": "a.example", "mxx": []}"#, "mxx"),
        (r#"{"domain": "a.example", "mx": "b"}"#, "sequence"),
    ] {
        let error = Observation::from_json(line).unwrap_err();
        assert!(error.en.contains(word), "{line}: {error:?}");
        assert!(error.fr.contains(word), "{line}: {error:?}");
    }
    let many = serde_json::json!({"domain": "a.example", "mx": vec!["b.example"; MAX_LIST + 1]});
    assert!(
        Observation::from_json(&many.to_string())
            .unwrap_err()
            .fr
            .contains("`mx` a 4097")
    );
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let name = prop::sample::select(vec![
        "a.mail.suite.example",
        "mx.machines.example",
        "a.filter.example",
        "mail.town.example",
        "spf.suite.example",
        "spf.machines.example",
        "s.keys.suite.example",
    ]);
    prop::collection::vec(name.prop_map(str::to_owned), 0..5)
}

proptest! {
    /// Whoever is named is named by a fact, and no order of the facts changes who.
    #[test]
    fn named_by_facts_in_any_order(mx in names(), spf_names in names(), dkim in names()) {
        let alias = |t: &String| Alias { name: "s.town.example".into(), target: t.clone() };
        let seen = Observation {
            domain: "town.example".into(),
            mx, spf_names,
            dkim: dkim.iter().map(alias).collect(),
            ..Observation::default()
        };
        let mut turned = seen.clone();
        turned.mx.reverse();
        turned.spf_names.reverse();
        turned.dkim.reverse();
        let operators = known();
        let (a, b) = (classify(&seen, &operators), classify(&turned, &operators));
        let (a, b) = (&a.answers[0], &b.answers[0]);
        prop_assert_eq!(&a.operator, &b.operator);
        prop_assert_eq!(a.rule, b.rule);
        prop_assert!(a.operator.is_none() || !a.evidence.is_empty());
        prop_assert_eq!(a.operator.is_none(), a.confidence == 0);
        for fact in &a.evidence {
            let all = seen.mx.iter().chain(&seen.spf_names).chain(&dkim);
            prop_assert!(all.into_iter().any(|n| *n == fact.seen));
        }
    }
}
