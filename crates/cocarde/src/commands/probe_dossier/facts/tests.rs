use super::*;
use cocarde_probe::measure::http::Hop;
use cocarde_probe::measure::tls::Tls;

fn hop(url: &str, address: &str, status: u16) -> Hop {
    Hop {
        url: url.into(),
        address: Some(address.into()),
        status: Some(status),
        ..Hop::default()
    }
}

/// A site whose name leads to another, which has the page.
fn site() -> Site {
    let tls = |host: &str, accepts: &[&'static str]| Tls {
        host: host.into(),
        accepts: accepts.into(),
        ..Tls::default()
    };
    let third = [("a.example".to_owned(), vec!["script"])];
    Site {
        secure: vec![
            hop("https://own.example/", "192.0.2.1", 301),
            hop("https://page.example/x", "192.0.2.2", 200),
        ],
        answered: true,
        tls: vec![
            tls("page.example", &["1.0", "1.2"]),
            tls("own.example", &["1.2", "1.3"]),
        ],
        third_parties: third.into(),
        found_by: "parsed",
        ..Site::default()
    }
}

type Seen = Option<(Json, u8, Option<String>)>;

fn seen(found: Option<Found>) -> Seen {
    found.map(|f| (f.value, f.confidence, f.server))
}

fn tls_where(change: impl FnOnce(&mut Tls)) -> (Seen, String, String) {
    let mut site = site();
    change(&mut site.tls[1]);
    let found = tls(&site).unwrap();
    let (fr, en) = (found.note.fr.clone(), found.note.en.clone());
    (seen(Some(found)), fr, en.unwrap_or_default())
}

/// What a site's own server shows decides, whatever it leads to.
#[test]
fn tls_is_a_trusted_chain_and_no_version_that_was_given_up() {
    let by = |value: bool, confidence| Some((json!(value), confidence, Some("192.0.2.1".into())));
    let (found, fr, en) = tls_where(|_| {});
    assert_eq!(found, by(true, 95));
    assert_eq!(fr, "own.example : TLS 1.2, 1.3 ; certificat reconnu");
    assert_eq!(en, "own.example: TLS 1.2, 1.3; certificate trusted");

    for why in ["expired", "unknown issuer", "not issued for this name"] {
        let (found, fr, en) = tls_where(|t| t.distrust = Some(why.into()));
        assert_eq!(found, by(false, 95), "{why}");
        assert!(en.contains(why) && !fr.contains(why), "{fr} / {en}");
    }
    let (found, fr, _) = tls_where(|t| t.accepts.insert(0, "1.1"));
    assert_eq!(found, by(false, 95));
    assert!(fr.ends_with("accepte encore TLS 1.1"), "{fr}");
    // What nobody answered establishes nothing where `measured>=0.9` is asked for.
    let (found, _, en) = tls_where(|t| t.open = vec!["1.0"]);
    assert_eq!(found, by(true, 80));
    assert!(en.ends_with("no answer for TLS 1.0"), "{en}");
    // A later version that did not answer in time is none that was given up.
    let (found, ..) = tls_where(|t| t.open = vec!["1.3"]);
    assert_eq!(found, by(true, 95));

    let mut none = site();
    none.tls.pop();
    assert_eq!(seen(tls(&none)), None);
}

#[test]
fn whom_a_page_calls_is_said_of_a_whole_page_alone() {
    let third = |change: fn(&mut Site)| {
        let mut site = site();
        change(&mut site);
        seen(third_parties(&site))
    };
    let by = |confidence| Some((json!(["a.example"]), confidence, Some("192.0.2.2".into())));
    assert_eq!(third(|_| {}), by(80));
    assert_eq!(third(|s| s.found_by = "run"), by(95));
    assert_eq!(third(|s| s.cut = true), None);
    assert_eq!(third(|s| s.secure[1].status = Some(503)), None);
    assert_eq!(third(|s| s.secure[1].status = Some(404)), None);
    assert_eq!(third(|s| s.secure.clear()), None);
}
