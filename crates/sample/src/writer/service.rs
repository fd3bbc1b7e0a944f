//! What the offering runs on: hostings, suppliers, domains.

use super::Writer;

impl Writer {
    /// Where data are hosted; how many hostings serve a name.
    pub(super) fn hostings(&mut self, kind: &str) -> u64 {
        let least = u64::from(!matches!(kind, "consulting" | "software" | "cybersecurity"));
        let count = self.draw.between(least, 3);
        for i in 0..count {
            self.hosting(i);
        }
        count
    }

    fn hosting(&mut self, i: u64) {
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
        self.in_france("country");
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

    pub(super) fn suppliers(&mut self) {
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

    pub(super) fn domains(&mut self, hosts: u64) {
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
}
