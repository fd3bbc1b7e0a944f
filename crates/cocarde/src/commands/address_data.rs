//! Data on addresses: a file, or a name that is fetched on first use, its licence shown.

use crate::ui::{Message, Ui};
use cocarde_seal::file;
use flate2::read::GzDecoder;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

const LIST: &str = include_str!("../../../../knowledge/address-data.toml");
/// The largest archive fetched, in bytes.
const MAX_ARCHIVE: u64 = 256 << 20;
/// The largest file kept of it, in bytes.
const MAX_FILE: u64 = 1 << 30;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    data: Vec<Entry>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    /// The version meant where none is given.
    version: String,
    url: String,
    files: Vec<String>,
    notices: Vec<String>,
    licence: String,
    attribution: String,
    source: String,
    sha256: BTreeMap<String, String>,
}

/// The files of what was given: the path itself, or those of a named set of data.
///
/// # Errors
/// Neither a file nor a known name, or what was fetched is not what was expected.
pub fn files(given: &Path, cache: Option<&Path>, ui: &Ui) -> Result<Vec<PathBuf>, Message> {
    if given.exists() {
        return Ok(vec![given.to_owned()]);
    }
    let list: List = toml::from_str(LIST).map_err(|e| ui.error(&e.to_string(), &e.to_string()))?;
    let text = given.to_string_lossy();
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (&*text, None),
    };
    let Some(entry) = list.data.iter().find(|e| e.name == name) else {
        let known: Vec<&str> = list.data.iter().map(|e| e.name.as_str()).collect();
        let known = known.join(", ");
        return Err(ui.error(
            &format!("{text} : ni un fichier, ni un jeu connu ({known})"),
            &format!("{text}: neither a file nor a known set of data ({known})"),
        ));
    };
    let version = version.unwrap_or(&entry.version);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    if version.is_empty() || version.starts_with('.') || !version.chars().all(is_plain) {
        return Err(ui.error(
            &format!("« {version} » n'est pas une version"),
            &format!("`{version}` is no version"),
        ));
    }
    let Some(cache) = cache.map(Path::to_owned).or_else(user_cache) else {
        return Err(ui.error(
            "où garder ce qui est téléchargé ? Le dire par --cache RÉPERTOIRE",
            "where is what is fetched to be kept? Say so with --cache DIR",
        ));
    };
    let dir = cache.join(format!("{name}@{version}"));
    if !dir.exists() {
        let url = entry.url.replace("{version}", version);
        eprintln!("{}", notice(entry, &url, ui));
        let told = |(fr, en): Words| ui.error(&fr, &en);
        let archive = fetch(&url).map_err(told)?;
        if let Some(said) = unpack(entry, version, &archive, &dir).map_err(told)? {
            eprintln!("{url}: sha256 {said}");
        }
    }
    Ok(entry.files.iter().map(|f| dir.join(f)).collect())
}

fn notice(entry: &Entry, url: &str, ui: &Ui) -> String {
    let (licence, by, source) = (&entry.licence, &entry.attribution, &entry.source);
    match ui.say("fr", "en") {
        "fr" => format!(
            "Téléchargement de {url}\n  licence {licence}, de {by}\n  {source}\n  \
             Ces données ne font pas partie de Cocarde ; les citer en publiant ce qu'on en tire."
        ),
        _ => format!(
            "Fetching {url}\n  licence {licence}, by {by}\n  {source}\n  \
             These data are not part of Cocarde; name them when publishing what rests on them."
        ),
    }
}

/// The user's directory for what can be fetched again.
fn user_cache() -> Option<PathBuf> {
    let set = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let set = set.filter(|p| p.is_absolute());
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    Some(set.or_else(home)?.join("cocarde/address-data"))
}

/// What went wrong, in French and English.
type Words = (String, String);

/// What the system says of an error, at that place.
fn at(place: impl Display, e: &io::Error) -> Words {
    let (fr, en) = file::why(e);
    (format!("{place} : {fr}"), format!("{place}: {en}"))
}

fn fetch(url: &str) -> Result<Vec<u8>, Words> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(300)))
        .https_only(true)
        .tls_config(
            // The machine's own authorities: what comes is checked by its digest too.
            ureq::tls::TlsConfig::builder()
                .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                .build(),
        )
        .proxy(None)
        .max_redirects(3);
    let agent: ureq::Agent = config.build().into();
    let answer = agent.get(url).call();
    answer
        .and_then(|mut a| {
            let body = a.body_mut().with_config();
            body.limit(MAX_ARCHIVE).read_to_vec()
        })
        .map_err(|e| (format!("{url} : {e}"), format!("{url}: {e}")))
}

/// Keeps the named files of an archive, all or none; the digest where none was expected.
fn unpack(
    entry: &Entry,
    version: &str,
    archive: &[u8],
    dir: &Path,
) -> Result<Option<String>, Words> {
    let digest = Sha256::digest(archive);
    let digest: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    let expected = entry.sha256.get(version);
    if let Some(wanted) = expected.filter(|w| **w != digest) {
        let name = &entry.name;
        return Err((
            format!("{name}@{version} : sha256 {digest}, {wanted} attendu"),
            format!("{name}@{version}: sha256 {digest}, expected {wanted}"),
        ));
    }
    let part = dir.with_extension(format!("part-{}", std::process::id()));
    let kept = keep(entry, archive, &part, MAX_FILE).and_then(|()| {
        // Another run may have been faster; then its files are as good.
        std::fs::rename(&part, dir)
            .or_else(|e| if dir.exists() { Ok(()) } else { Err(e) })
            .map_err(|e| at(dir.display(), &e))
    });
    if part.exists() {
        let _ = std::fs::remove_dir_all(&part);
    }
    kept?;
    Ok(expected.is_none().then_some(digest))
}

/// Writes the named files of an archive, each whole and of at most `most` bytes. Errors name
/// the directory, the file or the archive.
fn keep(entry: &Entry, archive: &[u8], dir: &Path, most: u64) -> Result<(), Words> {
    let unwritten = |e: io::Error| at(dir.display(), &e);
    let unread = |e: io::Error| {
        let ((fr, en), name) = (file::why(&e), &entry.name);
        let fr = format!("l'archive de {name} ne se lit pas : {fr}");
        (fr, format!("the archive of {name} cannot be read: {en}"))
    };
    std::fs::create_dir_all(dir).map_err(unwritten)?;
    let mut wanted: Vec<&String> = entry.files.iter().collect();
    let limited = GzDecoder::new(archive).take(4 * MAX_FILE);
    for member in tar::Archive::new(limited).entries().map_err(unread)? {
        let mut member = member.map_err(unread)?;
        let path = member.path().map_err(unread)?.into_owned();
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        let listed = |all: &[String]| all.iter().any(|f| f == name);
        // Only names of ours are written, so no path of the archive leads elsewhere.
        if !listed(&entry.files) && !listed(&entry.notices) {
            continue;
        }
        let size = member.size();
        let mut file = std::fs::File::create(dir.join(name)).map_err(unwritten)?;
        let copied = io::copy(&mut (&mut member).take(most), &mut file);
        let copied = copied.map_err(|e| at(name, &e))?;
        // A table that is cut would tell nothing of the addresses that it lost.
        if copied < size {
            return Err((
                format!("{name} : {copied} octets sur {size}, et {most} sont permis"),
                format!("{name}: {copied} of {size} bytes, and {most} are allowed"),
            ));
        }
        wanted.retain(|f| *f != name);
    }
    match wanted.first() {
        Some(missing) => Err((
            format!("l'archive de {} n'a pas de {missing}", entry.name),
            format!("the archive of {} has no {missing}", entry.name),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn entry() -> Entry {
        let list: List = toml::from_str(LIST).unwrap();
        let mut entry = list.data[0].clone();
        entry.files = vec!["a.csv".into()];
        entry.notices = vec!["LICENCE".into()];
        entry.sha256.clear();
        entry
    }

    fn archive(names: &[&str]) -> Vec<u8> {
        let zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut tar = tar::Builder::new(zip);
        for name in names {
            let mut header = tar::Header::new_gnu();
            header.set_size(name.len() as u64);
            // Names that the library would not write itself.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_mode(0o644);
            header.set_cksum();
            tar.append(&header, name.as_bytes()).unwrap();
        }
        let mut zip = tar.into_inner().unwrap();
        zip.flush().unwrap();
        zip.finish().unwrap()
    }

    #[test]
    fn what_is_listed_is_kept_and_nothing_leads_out() {
        let work = std::env::temp_dir().join(format!("cocarde-data-{}", std::process::id()));
        let dir = work.join("set");
        let names = ["package/a.csv", "package/LICENCE", "../../evil", "/x/b.csv"];
        let said = unpack(&entry(), "1", &archive(&names), &dir).unwrap();
        assert_eq!(said.map(|s| s.len()), Some(64));
        let kept = std::fs::read_dir(&dir).unwrap().flatten();
        let mut kept: Vec<_> = kept.map(|e| e.file_name()).collect();
        kept.sort();
        assert_eq!(kept, ["LICENCE", "a.csv"]);
        std::fs::remove_dir_all(work).unwrap();
    }

    /// What is longer than is allowed, or than what is there, is no table that is cut.
    #[test]
    fn a_file_that_is_cut_is_an_error() {
        let dir = std::env::temp_dir().join(format!("cocarde-cut-{}", std::process::id()));
        let whole = archive(&["package/a.csv"]);
        assert!(keep(&entry(), &whole, &dir, 4096).is_ok());
        let (fr, en) = keep(&entry(), &whole, &dir, 8).unwrap_err();
        assert_eq!(fr, "a.csv : 8 octets sur 13, et 8 sont permis");
        assert_eq!(en, "a.csv: 8 of 13 bytes, and 8 are allowed");
        // The header of the member, and no more than half of what it announces.
        let mut tar = Vec::new();
        GzDecoder::new(&*whole).read_to_end(&mut tar).unwrap();
        let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        zip.write_all(&tar[..512 + 6]).unwrap();
        assert!(keep(&entry(), &zip.finish().unwrap(), &dir, 4096).is_err());
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_is_not_what_was_expected_leaves_nothing() {
        let work = std::env::temp_dir().join(format!("cocarde-none-{}", std::process::id()));
        let dir = work.join("set");
        let incomplete = archive(&["package/LICENCE"]);
        let (fr, en) = unpack(&entry(), "1", &incomplete, &dir).unwrap_err();
        assert!(fr.ends_with("n'a pas de a.csv"), "{fr}");
        assert!(en.ends_with("has no a.csv"), "{en}");
        let mut pinned = entry();
        pinned.sha256.insert("1".into(), "00".into());
        let (fr, en) = unpack(&pinned, "1", &archive(&["package/a.csv"]), &dir).unwrap_err();
        assert!(
            fr.ends_with("00 attendu") && en.ends_with("expected 00"),
            "{en}"
        );
        let (fr, en) = unpack(&entry(), "1", b"no archive", &dir).unwrap_err();
        assert!(fr.contains("ne se lit pas"), "{fr}");
        assert!(en.contains("cannot be read"), "{en}");
        assert_eq!(std::fs::read_dir(&work).unwrap().count(), 0);
        std::fs::remove_dir_all(work).unwrap();
    }
}
