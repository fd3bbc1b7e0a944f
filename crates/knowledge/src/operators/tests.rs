use super::*;

const HEAD: &str =
    "source = [\"https://example.com/\"]\ndate = \"2026-01-01\"\nconfidence = \"low\"\n";

fn entry(id: &str, more: &str) -> String {
    format!("[[operator]]\nid = \"{id}\"\nname = \"{id}\"\n{HEAD}{more}\n")
}

fn load(text: &str) -> Result<Operators, LoadError> {
    Operators::from_texts(&[("t.toml", text)])
}

fn codes(text: &str) -> Vec<&'static str> {
    let error = load(text).expect_err("a defect");
    error.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn the_operators_that_ship_load_and_are_all_of_the_directory() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge/operators");
    let read = Operators::read_dir(&dir).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(read.len(), Operators::standard().len());
    assert!(read.len() >= 60);
}

#[test]
fn the_longest_suffix_in_whole_labels_decides() {
    let text = entry("a", "mx = [\"ovh.net\"]") + &entry("b", "mx = [\"mail.ovh.net\"]");
    let ops = load(&text).unwrap();
    let who = |host: &str| {
        let claim = ops.claim(host, &[Sense::Mx])?;
        Some(&*ops.get(claim.operator).id)
    };
    assert_eq!(who("mx1.mail.ovh.net"), Some("b"));
    assert_eq!(who("MX1.OVH.net."), Some("a"));
    assert_eq!(who("ovh.net"), Some("a"));
    assert_eq!(who("novh.net"), None);
    assert_eq!(who("net"), None);
    assert_eq!(who(""), None);
}

#[test]
fn a_longer_claim_of_another_operator_hides_the_shorter() {
    let text = entry("a", "mx = [\"ovh.net\"]") + &entry("b", "ns = [\"dns.ovh.net\"]");
    let ops = load(&text).unwrap();
    assert_eq!(ops.claim("x.dns.ovh.net", &[Sense::Mx]), None);
}

#[test]
fn a_shorter_claim_of_the_same_operator_adds_its_sense() {
    let ops = load(&entry("a", "mx = [\"a.fr\"]\nns = [\"dns.a.fr\"]")).unwrap();
    let claim = ops.claim("x.dns.a.fr", &[Sense::Mx]).unwrap();
    assert_eq!(claim.suffix, "a.fr");
    assert!(claim.has(Sense::Mx) && !claim.has(Sense::Ns));
}

#[test]
fn defects_are_named() {
    let a = entry("a", "mx = [\"x.fr\"]\nasn = [16276]");
    assert_eq!(
        codes(&(a.clone() + &entry("b", "ns = [\"x.fr\"]"))),
        ["claimed-twice"]
    );
    assert_eq!(
        codes(&(a.clone() + &entry("b", "asn = [16276]"))),
        ["claimed-twice"]
    );
    assert_eq!(
        codes(&(a.clone() + &a)),
        ["duplicate-id", "claimed-twice", "claimed-twice"]
    );
    assert_eq!(codes(&entry("a", "parent = \"b\"")), ["unknown-parent"]);
    assert_eq!(
        codes(&entry("a", "asn = [64512, -1, 4294967296]")),
        ["bad-asn"; 3]
    );
    assert_eq!(
        codes(&entry("a", "mx = [\"com\", \"A.fr\", \"a..fr\"]")),
        ["bad-name"; 3]
    );
    assert_eq!(codes(&entry("a", "colour = 1")), ["malformed"]);
    assert_eq!(codes(&entry("a", "seat = \"fr\"")), ["bad-country"]);
    assert_eq!(codes(&entry("a", "seat = \"UK\"")), ["bad-country"]);
    assert_eq!(codes(&entry("A b", "")), ["bad-id"]);
    let circle = entry("a", "parent = \"b\"") + &entry("b", "parent = \"a\"");
    assert_eq!(codes(&circle), ["circle", "circle"]);
}

#[test]
fn a_defect_says_where_and_how_to_mend() {
    let text = entry("orange", "") + &entry("b", "parent = \"orangee\"");
    let error = load(&text).unwrap_err().to_string();
    assert_eq!(
        error,
        "t.toml:14:10: unknown operator: orangee [unknown-parent]\n  did you mean orange?"
    );
}

#[test]
fn control_is_followed_to_the_top_or_said_to_be_unknown() {
    let ops = Operators::standard();
    let chain = |id: &str| {
        let chain = ops.chain(ops.find(id).unwrap());
        let names: Vec<_> = chain.links.iter().map(|l| &*ops.get(*l).id).collect();
        (names.join(" < "), chain.complete)
    };
    assert_eq!(chain("google"), ("google < alphabet".into(), true));
    assert_eq!(
        chain("strato"),
        ("strato < ionos-group < united-internet".into(), true)
    );
    assert_eq!(chain("o2switch"), ("o2switch".into(), false));
}

#[test]
fn tokens_are_told_by_their_prefix() {
    let ops = Operators::standard();
    let who = |t: &str| ops.by_token(t).map(|o| &*ops.get(o).id);
    assert_eq!(who("MS=ms12345678"), Some("microsoft"));
    assert_eq!(who("google-site-verification=abc"), Some("google"));
    assert_eq!(who("é"), None);
}
