//! What was seen, as measured facts tell it.

/// What was seen, in a sentence; in English too where the words differ.
pub(super) struct Note {
    pub fr: String,
    pub en: Option<String>,
}

impl From<String> for Note {
    fn from(same: String) -> Self {
        Note { fr: same, en: None }
    }
}

impl Note {
    pub fn both(fr: String, en: String) -> Self {
        let en = (en != fr).then_some(en);
        Note { fr, en }
    }

    fn en(&self) -> &str {
        self.en.as_deref().unwrap_or(&self.fr)
    }

    pub fn after(self, before: &str) -> Self {
        Note::both(
            format!("{before}{}", self.fr),
            format!("{before}{}", self.en()),
        )
    }

    pub fn and(self, fr: &str, en: &str) -> Self {
        Note::both(
            format!("{} ; {fr}", self.fr),
            format!("{}; {en}", self.en()),
        )
    }
}
