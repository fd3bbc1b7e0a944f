//! The tables of a referential to try things on.

/// A pillar `p`, documents as evidence, and an assumed number that no longer
/// holds.
pub const TABLES: &str = r#"
[[pillar]]
id = "p"
title.fr = "Pilier"
title.en = "Pillar"
minimum_level = 3
[[parameter]]
id = "least-share"
title.fr = "Part"
title.en = "Share"
value = "50"
unit = "%"
comparator = ">="
status = "assumption"
source = "essai"
valid_to = 2025-12-31
[evidence]
established_by = ["documented"]
refuted_by = ["measured"]
[decision]
blocking = ["major"]
"#;
