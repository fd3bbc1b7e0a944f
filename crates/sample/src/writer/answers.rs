//! What the applicant answers and attests.

use super::Writer;

impl Writer {
    /// Security, data protection, contract, value.
    pub(super) fn answers(&mut self) {
        self.security();
        self.protection();
        self.contract();
        self.value();
    }

    fn security(&mut self) {
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
    }

    fn protection(&mut self) {
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
    }

    fn contract(&mut self) {
        self.line(format_args!("[contract]"));
        for name in ["location_told", "reversibility", "no_disclosure"] {
            self.should(name, true);
        }
        self.proof("piece");
    }

    fn value(&mut self) {
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

    pub(super) fn attestations(&mut self) {
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
