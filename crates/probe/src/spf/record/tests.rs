use super::*;
use proptest::prelude::*;
use std::net::Ipv4Addr;

fn one(text: &str) -> Result<Term, &'static str> {
    match Record::parse(format!("v=spf1 {text}").as_bytes()) {
        Ok(record) => Ok(record.terms[0].clone()),
        Err(syntax) => Err(syntax.reason),
    }
}

#[test]
fn what_is_a_record() {
    for yes in ["v=spf1", "V=SPF1 -all", "v=spf1  mx"] {
        assert!(is_spf(yes.as_bytes()), "{yes}");
    }
    for no in [
        "v=spf10",
        "v=spf1-all",
        "v=spf",
        " v=spf1",
        "spf2.0/pra",
        "",
    ] {
        assert!(!is_spf(no.as_bytes()), "{no}");
    }
}

#[test]
fn every_kind_of_term() {
    use Mechanism as M;
    let pass = |m| Ok(Term::Mechanism(Qualifier::Pass, m));
    let cidr = |v4, v6| Cidr { v4, v6 };
    let d = |s: &str| s.to_string();
    assert_eq!(one("-ALL"), Ok(Term::Mechanism(Qualifier::Fail, M::All)));
    assert_eq!(
        one("~all"),
        Ok(Term::Mechanism(Qualifier::SoftFail, M::All))
    );
    assert_eq!(
        one("include:_SPF.Exemple.FR."),
        pass(M::Include(d("_spf.exemple.fr")))
    );
    assert_eq!(one("a"), pass(M::A(None, cidr(32, 128))));
    assert_eq!(one("a/24"), pass(M::A(None, cidr(24, 128))));
    assert_eq!(
        one("a:x.fr/24//64"),
        pass(M::A(Some(d("x.fr")), cidr(24, 64)))
    );
    assert_eq!(one("mx//64"), pass(M::Mx(None, cidr(32, 64))));
    assert_eq!(one("ptr"), pass(M::Ptr(None)));
    assert_eq!(
        one("ip4:192.0.2.0/24"),
        pass(M::Ip4(Ipv4Addr::new(192, 0, 2, 0), 24))
    );
    assert_eq!(
        one("ip6:2001:db8::/32"),
        pass(M::Ip6("2001:db8::".parse().unwrap(), 32))
    );
    assert_eq!(
        one("exists:%{i}._s.x.fr"),
        pass(M::Exists(d("%{i}._s.x.fr")))
    );
    assert_eq!(one("redirect=x.fr"), Ok(Term::Redirect(d("x.fr"))));
    assert_eq!(one("exp=e.x.fr"), Ok(Term::Explanation(d("e.x.fr"))));
    assert_eq!(one("rr=a:b"), Ok(Term::Unknown(d("rr=a:b"))));
    assert_eq!(
        one("a:%{d1r/}.x.fr/24"),
        pass(M::A(Some(d("%{d1r/}.x.fr")), cidr(24, 128)))
    );
}

#[test]
fn what_receivers_refuse() {
    for bad in [
        "all:x",
        "include",
        "include:",
        "include:a..b",
        "ip4",
        "ip4:1.2.3",
        "ip4:1.2.3.4/33",
        "ip4:1.2.3.4/08",
        "ip6:1.2.3.4",
        "ip6:::/129",
        "a/33",
        "a//129",
        "a:x.fr//",
        "mix",
        "-",
        "exists:%{z}",
        "exists:%{i",
        "exists:%{d0}.x.fr",
        "include:%x",
        // What only an explanation's text may hold.
        "include:%{c}.x.fr",
        "a:%{R}.x.fr",
        "exists:%{t1r-}.x.fr",
        "redirect=%{T}.x.fr",
        "exp=%{r}.x.fr",
        "redirect=",
        "=x",
        "4=x",
        "ip4:1.2.3.4/+8",
        "redirect=a.fr redirect=b.fr",
        "é",
        "ptr/24",
        "a//-1",
        "include:.",
    ] {
        assert!(
            Record::parse(format!("v=spf1 {bad}").as_bytes()).is_err(),
            "{bad}"
        );
    }
    let long = format!("v=spf1 {}", "a ".repeat(5000));
    assert!(Record::parse(long.as_bytes()).is_err());
}

#[test]
fn all_ends_the_record_and_mutes_redirect() {
    let shown = |text: &str| {
        let record = Record::parse(text.as_bytes()).unwrap();
        (record.effective().count(), record.default())
    };
    assert_eq!(
        shown("v=spf1 redirect=x.fr a -all mx"),
        (2, Some(Qualifier::Fail))
    );
    assert_eq!(shown("v=spf1 redirect=x.fr a mx"), (3, None));
}

proptest! {
    /// Octets never break the reader, and what it reads holds no control characters.
    #[test]
    fn any_octets(tail in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = [b"v=spf1 ".as_slice(), &tail].concat();
        if let Ok(record) = Record::parse(&text) {
            prop_assert!(record.effective().count() <= record.terms.len());
        }
    }
}
