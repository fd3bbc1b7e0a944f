//! Invented dossiers, for tests and benchmarks: a number gives a dossier, always the same.
//!
//! They are shaped like real ones: an applicant of one of the six digital sectors with its
//! holders, activities, hostings, suppliers, domains and attestations. How much goes against
//! a label, how much is left unsaid and how much is merely claimed differs from one to the
//! next, so that every verdict occurs. All names are made up.

mod draw;

use draw::Draw;
use std::fmt::Write;
use std::path::Path;

/// A file of a dossier: its name in the directory, and its text.
pub type File = (&'static str, String);

/// What the one attached document says; `SHA256` is its digest.
pub const DOCUMENT: &str = "Pièce d'exemple, fictive.\n";

const SHA256: &str = "860b58733b31c851f77df8bbc62b257582df5ab9332b3a7f88eb2cf1ba9faaa1";

/// The day these dossiers are meant to be assessed on (YYYY-MM-DD).
pub const AS_OF: &str = "2026-11-23";

const KINDS: [&str; 6] = [
    "software",
    "platform",
    "cloud",
    "data-ai",
    "cybersecurity",
    "consulting",
];
const ABROAD: [&str; 6] = ["US", "US", "GB", "CN", "IN", "CH"];
const UNION: [&str; 3] = ["DE", "NL", "IT"];

/// The files of the dossier of that number.
pub fn dossier(number: u64) -> Vec<File> {
    let mut draw = Draw::new(number);
    let tempers = [
        (2, 0, 0),
        (15, 3, 2),
        (40, 20, 10),
        (120, 60, 40),
        (300, 200, 150),
    ];
    let (amiss, unsaid, unproven) = tempers[draw.between(0, 4) as usize];
    let mut writer = Writer {
        draw,
        amiss,
        unsaid,
        unproven,
        text: String::new(),
        measured: String::new(),
    };
    writer.application();
    vec![
        ("dossier.toml", writer.text),
        ("documents/piece.txt", DOCUMENT.to_string()),
        ("measurements/2026-11-20.jsonl", writer.measured),
    ]
}

/// Writes the dossier of that number into a directory, which is created.
///
/// # Errors
/// When a file cannot be written.
pub fn write(dir: &Path, number: u64) -> std::io::Result<()> {
    for (name, text) in dossier(number) {
        let file = dir.join(name);
        std::fs::create_dir_all(file.parent().unwrap_or(dir))?;
        std::fs::write(file, text)?;
    }
    Ok(())
}

/// Writes one dossier. Chances are per thousand.
struct Writer {
    draw: Draw,
    /// That something goes against the label.
    amiss: u64,
    /// That something is left out.
    unsaid: u64,
    /// That something is claimed without proof.
    unproven: u64,
    text: String,
    measured: String,
}

impl Writer {
    fn application(&mut self) {
        let kind = self.draw.one(&KINDS);
        let lists = ["hosting", "supplier", "domain", "attestation", "activity"];
        let open: Vec<&str> = lists
            .into_iter()
            .filter(|_| self.draw.per_mille(self.unsaid / 2))
            .collect();
        let names: Vec<String> = open.iter().map(|l| format!("{l:?}")).collect();
        self.line(format_args!("partial = [{}]\n", names.join(", ")));
        self.line(format_args!("[dossier]\nformat = 1\n"));
        self.organisation();
        self.offering(kind);
        self.parties();
        self.governance();
        self.activities(kind);
        let hosts = self.hostings(kind);
        self.suppliers();
        self.domains(hosts);
        self.answers();
        self.attestations();
        self.line(format_args!(
            "[[document]]\nid = \"piece\"\ntitle = \"Pièce\"\nfile = \"documents/piece.txt\"\n\
             sha256 = \"{SHA256}\"\nprovenance = \"documented\"\nissuer = \"Greffe d'exemple\"\n\
             received = 2026-10-05\nperiod_from = 2026-01-01\nvalid_until = 2027-12-31\n\n\
             [[document]]\nid = \"attestation\"\ntitle = \"Attestation\"\n\
             file = \"documents/piece.txt\"\nsha256 = \"{SHA256}\"\nprovenance = \"attested\"\n\
             issuer = \"Cabinet d'exemple\"\nreceived = 2026-10-05\nperiod_from = 2026-01-01\n\
             valid_until = 2027-12-31"
        ));
    }

    fn line(&mut self, what: std::fmt::Arguments<'_>) {
        // A String takes whatever is written to it.
        let _ = writeln!(self.text, "{what}");
    }

    /// A property, unless it is left unsaid.
    fn say(&mut self, name: &str, value: impl std::fmt::Display) {
        if !self.draw.per_mille(self.unsaid) {
            self.line(format_args!("{name} = {value}"));
        }
    }

    /// A yes or no that should be `good`.
    fn should(&mut self, name: &str, good: bool) {
        let value = good != self.draw.per_mille(self.amiss);
        self.say(name, value);
    }

    /// A country that should be France.
    fn france(&mut self) -> String {
        let other = [ABROAD.as_slice(), UNION.as_slice()].concat();
        let at = if self.draw.per_mille(self.amiss) {
            self.draw.one(&other)
        } else {
            "FR"
        };
        format!("{at:?}")
    }

    /// A country that should be in the Union.
    fn union(&mut self) -> String {
        let at = match () {
            () if self.draw.per_mille(self.amiss) => self.draw.one(&ABROAD),
            () if self.draw.per_mille(150) => self.draw.one(&UNION),
            () => "FR",
        };
        format!("{at:?}")
    }

    /// A day of the last months, or of long ago.
    fn recent(&mut self, name: &str) {
        let year = if self.draw.per_mille(self.amiss) {
            2023
        } else {
            2026
        };
        let (month, day) = (self.draw.between(1, 10), self.draw.between(1, 28));
        self.say(name, format_args!("{year}-{month:02}-{day:02}"));
    }

    /// A number that should be at most `most`; known in part now and then.
    fn at_most(&mut self, name: &str, most: u64, worst: u64) {
        let value = match self.draw.per_mille(self.amiss) {
            true => self.draw.between(most + 1, worst),
            false => self.draw.between(0, most),
        };
        if self.draw.per_mille(self.unsaid) {
            let (low, high) = (value.saturating_sub(5), (value + 5).min(worst));
            self.line(format_args!("{name} = {{ min = {low}, max = {high} }}"));
        } else {
            self.say(name, value);
        }
    }

    /// The proof of a table, unless it is merely claimed.
    fn proof(&mut self, document: &str) {
        if !self.draw.per_mille(self.unproven) {
            self.line(format_args!("evidence = [\"doc:{document}#p1\"]"));
        }
        self.line(format_args!(""));
    }

    fn seats(&mut self) {
        let seat = self.union();
        self.say("seat", &seat);
        let from = self.union();
        self.say("controlled_from", from);
    }

    fn organisation(&mut self) {
        self.line(format_args!(
            "[organisation]\nname = \"Exemple SAS\"\nkind = \"company\""
        ));
        for name in ["seat", "central_administration", "main_establishment"] {
            let country = self.france();
            self.say(name, country);
        }
        let from = self.union();
        self.say("controlled_from", from);
        self.proof("piece");
    }

    fn offering(&mut self, kind: &str) {
        self.line(format_args!(
            "[offering]\nname = \"Offre\"\nkind = {kind:?}\nevidence = [\"doc:piece\"]"
        ));
        let personal = self.draw.per_mille(800);
        self.line(format_args!("personal_data = {personal}\n"));
    }

    fn parties(&mut self) {
        for i in 0..4 {
            self.line(format_args!(
                "[[party]]\nid = \"p{i}\"\nname = \"Société {i}\"\nkind = \"company\""
            ));
            self.seats();
            self.proof("piece");
        }
    }

    fn governance(&mut self) {
        self.line(format_args!("[governance]"));
        self.should("non_eu_veto", false);
        self.should("non_eu_board_majority", false);
        for name in ["non_eu_capital_max", "non_eu_votes_max"] {
            self.at_most(name, 24, 60);
        }
        for name in ["non_eu_capital", "non_eu_votes"] {
            self.at_most(name, 39, 80);
        }
        for name in ["strategic_decisions_country", "roadmap_country"] {
            let country = self.france();
            self.say(name, country);
        }
        let holder = self.union();
        self.say("ip_holder_country", holder);
        self.proof("piece");
        for (i, share) in [60, 40].into_iter().enumerate() {
            self.line(format_args!(
                "[[holding]]\nid = \"h{i}\"\nholder = \"party:p{i}\"\nheld = \"party:applicant\"\n\
                 capital = {share}\nvotes = {share}\nspecial_rights = []"
            ));
            self.proof("piece");
        }
    }

    fn activities(&mut self, kind: &str) {
        let mut kinds = vec!["data-governance", "support", "sales", "administration"];
        match kind {
            "consulting" => kinds.push("delivery"),
            _ => kinds.extend(["design", "development", "operation", "security"]),
        }
        for (i, kind) in kinds.into_iter().enumerate() {
            if self.draw.per_mille(self.amiss / 2) {
                continue;
            }
            for place in 0..self.draw.between(1, 2) {
                // Its kind is always proven: several criteria take a claim for it, others do not.
                self.line(format_args!(
                    "[[activity]]\nid = \"a{i}-{place}\"\nkind = {kind:?}\n\
                     evidence.kind = [\"doc:piece#p2\"]"
                ));
                let country = self.france();
                self.say("country", country);
                let staff = self.draw.between(1, 40);
                self.say("staff", staff);
                let cost = staff * self.draw.between(40, 95) * 1000;
                self.say("cost", cost);
                let all = ["country", "staff", "cost"];
                for name in all {
                    if !self.draw.per_mille(self.unproven) {
                        self.line(format_args!("evidence.{name} = [\"doc:attestation#p1\"]"));
                    }
                }
                self.line(format_args!(""));
            }
        }
    }

    /// Where data are hosted; how many hostings serve a name.
    fn hostings(&mut self, kind: &str) -> u64 {
        let least = u64::from(!matches!(kind, "consulting" | "software" | "cybersecurity"));
        let count = self.draw.between(least, 3);
        for i in 0..count {
            let holds = match i {
                0 => "[\"customer-content\", \"customer-metadata\", \"personal\"]",
                1 => "[\"technical\"]",
                _ => "[\"customer-content\", \"backup\"]",
            };
            let operator = self.draw.between(0, 3);
            self.line(format_args!(
                "[[hosting]]\nid = \"h{i}\"\noperator = \"party:p{operator}\"\n\
                 names = [\"n{i}.exemple.example\"]"
            ));
            let country = self.france();
            self.say("country", country);
            self.say("data", holds);
            let keys = match self.draw.per_mille(self.amiss) {
                true => self.draw.one(&["third-party", "nobody"]),
                false => self.draw.one(&["customer", "applicant", "operator"]),
            };
            self.say("keys_held_by", format_args!("{keys:?}"));
            for name in ["administered_from", "supported_from"] {
                let countries = (self.union(), self.union());
                let countries = match countries.0 == countries.1 {
                    true => countries.0,
                    false => format!("{}, {}", countries.0, countries.1),
                };
                self.say(name, format_args!("[{countries}]"));
            }
            self.should("remote_support_controlled", true);
            self.proof("piece");
            if self.draw.per_mille(self.amiss) {
                self.measure(&format!("hosting:h{i}"), "country", "\"US\"", "0.97");
            }
        }
        count
    }

    fn suppliers(&mut self) {
        for i in 0..self.draw.between(0, 3) {
            let reach = self
                .draw
                .one(&["[]", "[\"technical\"]", "[\"customer-metadata\"]"]);
            self.line(format_args!(
                "[[supplier]]\nid = \"s{i}\"\nparty = \"party:p{i}\"\nrole = \"software\"\n\
                 spend = 20000"
            ));
            self.say("can_reach", reach);
            self.proof("piece");
        }
    }

    fn domains(&mut self, hosts: u64) {
        for i in 0..self.draw.between(0, 3) {
            let purpose = self.draw.one(&["service", "site", "api", "mail"]);
            let host = match hosts == 0 || self.draw.per_mille(self.amiss) {
                true => 9,
                false => i % hosts,
            };
            self.line(format_args!(
                "[[domain]]\nid = \"d{i}\"\nname = \"n{host}.exemple.example\"\n\
                 purpose = {purpose:?}\nevidence = [\"doc:piece\"]\n"
            ));
            let operator = self.union();
            for (name, value) in [("operator_country", &*operator), ("tls", "true")] {
                if !self.draw.per_mille(self.unsaid) {
                    self.measure(&format!("domain:d{i}"), name, value, "0.95");
                }
            }
        }
    }

    fn measure(&mut self, subject: &str, property: &str, value: &str, confidence: &str) {
        let _ = writeln!(
            self.measured,
            "{{\"subject\": \"{subject}\", \"property\": \"{property}\", \"value\": {value}, \
             \"how\": \"measured\", \"confidence\": \"{confidence}\", \"server\": \"192.0.2.53\", \
             \"time\": \"2026-11-20T14:02:00Z\"}}"
        );
    }

    /// Security, data protection, contract, value.
    fn answers(&mut self) {
        self.line(format_args!("[security]"));
        for name in [
            "policy",
            "responsible_named",
            "strong_authentication",
            "encryption_in_transit",
            "encryption_at_rest",
            "incident_process",
            "vulnerability_policy",
            "bill_of_materials",
        ] {
            self.should(name, true);
        }
        for name in [
            "risk_analysis_date",
            "penetration_test_date",
            "backups_tested_date",
        ] {
            self.recent(name);
        }
        self.at_most("patch_days", 30, 90);
        self.proof("piece");
        self.line(format_args!("[protection]"));
        for name in [
            "officer_named",
            "records_kept",
            "processor_agreement",
            "foreign_disclosure_refused",
        ] {
            self.should(name, true);
        }
        for name in ["transfers_outside_eu", "reuse_without_consent"] {
            self.should(name, false);
        }
        self.at_most("breach_hours", 72, 200);
        self.at_most("erasure_days", 90, 365);
        let reach = self.union();
        self.say("content_reach", format_args!("[{reach}]"));
        self.proof("piece");
        self.line(format_args!("[contract]"));
        for name in ["location_told", "reversibility", "no_disclosure"] {
            self.should(name, true);
        }
        self.proof("piece");
        self.line(format_args!("[value]"));
        let low = match self.draw.per_mille(self.amiss) {
            true => self.draw.between(5, 45),
            false => self.draw.between(51, 90),
        };
        let high = low + self.draw.between(0, 8);
        self.say(
            "french_share",
            format_args!("{{ min = {low}, max = {high} }}"),
        );
        self.should("method_documented", true);
        self.proof("attestation");
    }

    fn attestations(&mut self) {
        for i in 0..self.draw.between(0, 2) {
            let scheme = self
                .draw
                .one(&["iso27001", "secnumcloud", "iso9001", "soc2"]);
            let year = match self.draw.per_mille(self.amiss) {
                true => 2025,
                false => 2028,
            };
            self.line(format_args!(
                "[[attestation]]\nid = \"t{i}\"\nscheme = {scheme:?}\nnumber = \"EXEMPLE-{i}\"\n\
                 valid_from = 2024-01-01\nvalid_until = {year}-06-30"
            ));
            self.should("covers_offering", true);
            self.proof("attestation");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_gives_a_dossier_that_reads_and_always_the_same() {
        for number in 0..300 {
            let files = dossier(number);
            assert_eq!(files, dossier(number));
            let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, &**t)).collect();
            if let Err(f) = cocarde_dossier::read_texts(&texts) {
                panic!("{number}: {:?}\n{}", f.diagnostics, files[0].1);
            }
        }
    }
}
