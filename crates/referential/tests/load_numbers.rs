//! Numbers of a scheme that cannot be what is meant.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/trial.rs"]
mod trial;

/// What is wrong with a number is told once, and not again of each rule that uses it.
#[test]
fn a_number_with_a_defect_is_one_defect() {
    let main = format!("{}{}", trial::HEAD, tables::TABLES);
    let rule = "rule = 'meets(value.french_share, param.least_share)'";
    let criteria = trial::criterion("C-1", "p", rule) + &trial::criterion("C-2", "p", rule);
    assert!(trial::read(&main, &criteria).is_ok());
    for (was, is, said) in [
        ("\"50\"", "\"50 %\"", "decimal number"),
        ("\"50\"", "\"150\"", "from 0 to 100"),
        ("\"50\"", "\"-5\"", "from 0 to 100"),
        ("\">=\"", "\"=>\"", "the comparator is one of"),
    ] {
        let failure = trial::read(&main.replacen(was, is, 1), &criteria).expect_err("refused");
        let told: Vec<&str> = failure.diagnostics.iter().map(|d| &*d.message.en).collect();
        assert!(told.len() == 1 && told[0].contains(said), "{is}: {told:?}");
    }
}
