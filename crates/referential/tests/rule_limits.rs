//! Rules that would take too deep a stack or too many steps are refused; what a
//! criterion needs is not.

use cocarde_model::{Decimal, FactBase, Schema, Truth};
use cocarde_referential::eval::{Context, Evaluator, Policies, Policy};
use cocarde_referential::rule::{Const, Env, Op, Rule, RuleError, compile};
use std::collections::BTreeMap;

fn compiled(text: &str) -> Result<Rule, Vec<RuleError>> {
    let none = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let env = Env {
        schema: Schema::standard(),
        params: &none.0,
        sets: &none.1,
        policies: &none.2,
        default_policy: Policies::DEFAULT,
    };
    compile(text, &env)
}

fn refusal(text: &str) -> String {
    let errors = compiled(text).expect_err("refused");
    errors.into_iter().map(|e| e.message).collect()
}

/// On a fact base that knows nothing.
fn truth(text: &str) -> Truth {
    let rule = compiled(text).expect("accepted");
    let base = FactBase::new(Schema::standard().clone());
    let policies = Policies::uniform(Policy::lenient());
    let ctx = Context::new(&base, &policies, "2025-01-01".parse().expect("a day"));
    let (e, r) = Evaluator::new(ctx).outcomes(&rule).single().expect("one");
    assert_eq!(e, r);
    e
}

#[test]
fn chains_too_deep_for_the_stack_are_refused_and_shorter_ones_are_not() {
    let chain = |link: &str, n: usize| format!("1{} == 0", link.repeat(n));
    for link in [" + 1", " - 1", " * 1", " / 1", " % 2"] {
        assert!(refusal(&chain(link, 4_000)).contains("deeper"), "{link}");
        assert!(truth(&chain(link, 100)).is_known(), "{link}");
    }
    let nested = |n: usize| format!("{}true{}", "!(".repeat(n), ")".repeat(n));
    assert!(refusal(&nested(2_000)).contains("deeper"));
    assert_eq!(truth(&nested(40)), Truth::True);
}

#[test]
fn connectives_and_lists_may_be_long() {
    assert_eq!(
        truth(&format!("true{}", " && true".repeat(1_500))),
        Truth::True
    );
    assert_eq!(
        truth(&format!("1 in [{}1]", "0, ".repeat(3_000))),
        Truth::True
    );
}

#[test]
fn work_that_multiplies_is_refused_and_four_quantifiers_are_not() {
    let nested = |n: usize| {
        let list = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16].all(x, ";
        format!("{}x > 0{}", list.repeat(n), ")".repeat(n))
    };
    assert!(refusal(&nested(6)).contains("too long"));
    assert_eq!(truth(&nested(4)), Truth::True);
}

#[test]
fn what_doubles_again_and_again_is_refused() {
    for start in ["['a']", "[['a']]"] {
        let doubled = |n: usize| format!("size({start}{}) == 1", ".map(x, x + x)".repeat(n));
        assert!(refusal(&doubled(60)).contains("too long"), "{start}");
        assert_eq!(truth(&doubled(8)), Truth::True, "{start}");
    }
}

#[test]
fn numbers_are_what_is_written_whatever_stands_before_them() {
    for written in [
        "33.333333333333333333",
        "0.1",
        "-0.7",
        "5e-1",
        "9007199254740993.0",
    ] {
        let rule = compiled(&format!("'é' == 'é' && value.french_share < {written}"));
        let rule = rule.expect("accepted");
        let constants = rule.nodes.iter().filter_map(|n| match n.op {
            Op::Const(Const::Number(n)) => Some(n),
            _ => None,
        });
        let exact = written
            .replace("5e-1", "0.5")
            .parse::<Decimal>()
            .expect("a decimal");
        assert_eq!(constants.collect::<Vec<_>>(), [exact], "{written}");
    }
    let digits = "0.33333333333333333333333333333";
    assert!(refusal(&format!("value.french_share < {digits}")).contains("exact decimal"));
}

#[test]
fn a_share_of_less_than_nothing_is_what_division_gives() {
    for (test, is) in [
        ("share(5, 0 - 10) < 0", Truth::True),
        ("share(5, 0 - 10) >= 50", Truth::False),
        ("share(0 - 5, 0 - 10) >= 50", Truth::True),
        ("share(5, 10 - value.revenue) >= 50", Truth::Unknown),
        ("share(0, 10 - value.revenue) >= 0", Truth::True),
    ] {
        assert_eq!(truth(test), is, "{test}");
    }
}

#[test]
fn a_share_that_nothing_is_compared_with_is_refused() {
    for alone in [
        "share(1, 2) in [50]",
        "[share(1, 2)] == [50]",
        "[1].map(x, share(x, 2)) == [50]",
        "size([share(1, 2)]) == 1",
    ] {
        assert!(refusal(alone).contains("only be compared"), "{alone}");
    }
    assert_eq!(truth("share(1, 2) == 50 && 40 < share(1, 2)"), Truth::True);
}

#[test]
fn a_mistake_after_letters_with_accents_is_told_in_its_place() {
    let text = "organisation.name == 'éé' ||\n  organisation.name == 'été' && &";
    let errors = compiled(text).expect_err("refused");
    let there = |e: &RuleError| text.get(e.span.0 as usize..e.span.1 as usize) == Some("&");
    assert!(errors.iter().any(there), "{errors:?}");
    for short in ["'é' == ", "é"] {
        for e in compiled(short).expect_err("refused") {
            let place = e.span.0 as usize..e.span.1 as usize;
            assert!(short.get(place).is_some(), "{short}: {e:?}");
        }
    }
}
