//! Writes one dossier, table by table.

mod answers;
mod applicant;
mod say;
mod service;

use crate::SHA256;
use crate::draw::Draw;

const KINDS: [&str; 6] = [
    "software",
    "platform",
    "cloud",
    "data-ai",
    "cybersecurity",
    "consulting",
];

/// Writes one dossier. Chances are per thousand.
pub struct Writer {
    draw: Draw,
    /// That something goes against the label.
    amiss: u64,
    /// That something is left out.
    unsaid: u64,
    /// That something is claimed without proof.
    unproven: u64,
    /// The dossier.
    pub text: String,
    /// The measurements.
    pub measured: String,
}

impl Writer {
    /// For the dossier of that number, with nothing written yet.
    pub fn new(number: u64) -> Writer {
        let mut draw = Draw::new(number);
        let tempers = [
            (2, 0, 0),
            (15, 3, 2),
            (40, 20, 10),
            (120, 60, 40),
            (300, 200, 150),
        ];
        let (amiss, unsaid, unproven) = tempers[draw.between(0, 4) as usize];
        Writer {
            draw,
            amiss,
            unsaid,
            unproven,
            text: String::new(),
            measured: String::new(),
        }
    }

    /// The whole application.
    pub fn application(&mut self) {
        let kind = self.draw.one(&KINDS);
        self.partial();
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
        self.documents();
    }

    /// Which lists are known only in part.
    fn partial(&mut self) {
        let lists = ["hosting", "supplier", "domain", "attestation", "activity"];
        let open: Vec<String> = lists
            .into_iter()
            .filter(|_| self.draw.per_mille(self.unsaid / 2))
            .map(|l| format!("{l:?}"))
            .collect();
        self.line(format_args!("partial = [{}]\n", open.join(", ")));
    }

    fn documents(&mut self) {
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
}
