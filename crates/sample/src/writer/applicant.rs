//! The applicant: its seats and holders, its offering, what it does where.

use super::Writer;

impl Writer {
    pub(super) fn organisation(&mut self) {
        self.line(format_args!(
            "[organisation]\nname = \"Exemple SAS\"\nkind = \"company\""
        ));
        for name in ["seat", "central_administration", "main_establishment"] {
            self.in_france(name);
        }
        self.in_union("controlled_from");
        self.proof("piece");
    }

    pub(super) fn offering(&mut self, kind: &str) {
        self.line(format_args!(
            "[offering]\nname = \"Offre\"\nkind = {kind:?}\nevidence = [\"doc:piece\"]"
        ));
        let personal = self.draw.per_mille(800);
        self.line(format_args!("personal_data = {personal}\n"));
    }

    pub(super) fn parties(&mut self) {
        for i in 0..4 {
            self.line(format_args!(
                "[[party]]\nid = \"p{i}\"\nname = \"Société {i}\"\nkind = \"company\""
            ));
            self.in_union("seat");
            self.in_union("controlled_from");
            self.proof("piece");
        }
    }

    pub(super) fn governance(&mut self) {
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
            self.in_france(name);
        }
        self.in_union("ip_holder_country");
        self.proof("piece");
        self.holdings();
    }

    fn holdings(&mut self) {
        for (i, share) in [60, 40].into_iter().enumerate() {
            self.line(format_args!(
                "[[holding]]\nid = \"h{i}\"\nholder = \"party:p{i}\"\nheld = \"party:applicant\"\n\
                 capital = {share}\nvotes = {share}\nspecial_rights = []"
            ));
            self.proof("piece");
        }
    }

    pub(super) fn activities(&mut self, kind: &str) {
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
                self.activity(&format!("{i}-{place}"), kind);
            }
        }
    }

    fn activity(&mut self, id: &str, kind: &str) {
        // Its kind is always proven: several criteria take a claim for it, others do not.
        self.line(format_args!(
            "[[activity]]\nid = \"a{id}\"\nkind = {kind:?}\n\
             evidence.kind = [\"doc:piece#p2\"]"
        ));
        self.in_france("country");
        let staff = self.draw.between(1, 40);
        self.say("staff", staff);
        let cost = staff * self.draw.between(40, 95) * 1000;
        self.say("cost", cost);
        for name in ["country", "staff", "cost"] {
            if !self.draw.per_mille(self.unproven) {
                self.line(format_args!("evidence.{name} = [\"doc:attestation#p1\"]"));
            }
        }
        self.line(format_args!(""));
    }
}
