//! CycloneDX bills of materials in XML: the same members as in JSON, by the same paths.
//!
//! Source: the XML schemas 1.2 to 1.7 of CycloneDX (`http://cyclonedx.org/schema/bom/`).

use super::cyclonedx::{Bom, Composition, Item, Licence, Named, Organisation, Service};
use super::room::too_much;
use super::xml::{Element, Xml, bad, text};
use super::{ImportError, Imported, Unmapped};
use crate::report::quoted;

/// What the namespace of a bill begins with; the version follows.
pub(super) const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// The bill of a file.
pub(super) fn read(bytes: &[u8], into: &mut Imported) -> Result<Bom, ImportError> {
    let text = text(bytes)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut walk = Walk {
        xml: Xml::new(text),
        most: into.spent.most_items(),
        items: 0,
        unmapped: &mut into.unmapped,
    };
    let root = walk.xml.child()?.filter(|e| e.name == "bom");
    let spaces = |e: &Element| {
        let mut names = e.attributes.iter().map(|(_, v)| v);
        names.find_map(|v| v.strip_prefix(NAMESPACE).map(str::to_string))
    };
    let Some((root, version)) = root.and_then(|r| spaces(&r).map(|v| (r, v))) else {
        return Err(ImportError::new(
            format!("l'élément racine n'est pas `bom` de {NAMESPACE}"),
            format!("the root element is not `bom` of {NAMESPACE}"),
        ));
    };
    walk.attributes(&root, "", &[]);
    let mut bom = Bom {
        spec_version: Some(version),
        ..Bom::default()
    };
    while let Some(e) = walk.xml.child()? {
        match e.name.as_str() {
            "components" => bom.components.extend(walk.items("/components")?),
            "services" => bom.services.extend(walk.services("/services")?),
            "compositions" => bom.compositions.extend(walk.compositions()?),
            name => walk.skip("", name)?,
        }
    }
    match walk.xml.child()? {
        None => Ok(bom),
        Some(e) => Err(bad(e.line, "deux éléments racines", "two root elements")),
    }
}

struct Walk<'t, 'u> {
    xml: Xml<'t>,
    unmapped: &'u mut Unmapped,
    /// How many members of lists were kept, and how many are at most.
    items: usize,
    most: usize,
}

impl Walk<'_, '_> {
    /// Counts the attributes that are not used. Namespaces are no members.
    fn attributes(&mut self, e: &Element, path: &str, used: &[&str]) {
        let names = e.attributes.iter().map(|(n, _)| n.as_str());
        for name in names.filter(|n| !n.starts_with("xmlns") && !used.contains(n)) {
            self.unmapped.add(&format!("{path}/{}", quoted(name)));
        }
    }

    fn skip(&mut self, path: &str, name: &str) -> Result<(), ImportError> {
        let path = format!("{path}/{}", quoted(name));
        self.xml.skip(&path, self.unmapped)
    }

    /// Keeps a member of a list, which begins at `line`.
    fn push<T>(&mut self, list: &mut Vec<T>, item: T, line: u64) -> Result<(), ImportError> {
        self.items += 1;
        if self.items > self.most {
            let (fr, en) = (format!("ligne {line}"), format!("line {line}"));
            return Err(too_much(&fr, &en, self.most));
        }
        list.push(item);
        Ok(())
    }

    /// The text of a member that stands once.
    fn once(&mut self, e: &Element, into: &mut Option<String>) -> Result<(), ImportError> {
        first(e, into)?;
        *into = Some(self.xml.content()?);
        Ok(())
    }

    fn items(&mut self, list: &str) -> Result<Vec<Item>, ImportError> {
        let path = format!("{list}/*");
        let mut items = Vec::new();
        while let Some(e) = self.xml.child()? {
            match e.name.as_str() {
                "component" => {
                    let item = self.item(&e, &path)?;
                    self.push(&mut items, item, e.line)?;
                }
                name => self.skip(list, name)?,
            }
        }
        Ok(items)
    }

    fn item(&mut self, start: &Element, path: &str) -> Result<Item, ImportError> {
        self.attributes(start, path, &["type"]);
        let mut item = Item {
            line: Some(start.line),
            r#type: start.attribute("type").map(str::to_string),
            ..Item::default()
        };
        let mut name = None;
        while let Some(e) = self.xml.child()? {
            match e.name.as_str() {
                "name" => self.once(&e, &mut name)?,
                "group" => self.once(&e, &mut item.group)?,
                "version" => self.once(&e, &mut item.version)?,
                "purl" => self.once(&e, &mut item.purl)?,
                "supplier" => self.organisation(&e, path, &mut item.supplier)?,
                "licenses" => item.licenses.extend(self.licences(path)?),
                "components" => {
                    let list = format!("{path}/components");
                    item.components.extend(self.items(&list)?);
                }
                other => self.skip(path, other)?,
            }
        }
        item.name = name.ok_or_else(|| {
            bad(
                start.line,
                "un composant n'a pas de nom",
                "a component has no name",
            )
        })?;
        Ok(item)
    }

    /// An organisation, which stands once.
    fn organisation(
        &mut self,
        e: &Element,
        path: &str,
        into: &mut Option<Organisation>,
    ) -> Result<(), ImportError> {
        first(e, into)?;
        let path = format!("{path}/{}", e.name);
        let mut organisation = Organisation::default();
        while let Some(e) = self.xml.child()? {
            match e.name.as_str() {
                "name" => self.once(&e, &mut organisation.name)?,
                other => self.skip(&path, other)?,
            }
        }
        *into = Some(organisation);
        Ok(())
    }

    fn licences(&mut self, path: &str) -> Result<Vec<Licence>, ImportError> {
        let list = format!("{path}/licenses/*");
        let mut licences = Vec::new();
        while let Some(e) = self.xml.child()? {
            let mut licence = Licence::default();
            match e.name.as_str() {
                "expression" => licence.expression = Some(self.xml.content()?),
                "license" => licence.license = Some(self.licence(&format!("{list}/license"))?),
                other => {
                    self.skip(&list, other)?;
                    continue;
                }
            }
            self.attributes(&e, &list, &["acknowledgement"]);
            licence.acknowledgement = e.attribute("acknowledgement").map(str::to_string);
            self.push(&mut licences, licence, e.line)?;
        }
        Ok(licences)
    }

    fn licence(&mut self, path: &str) -> Result<Named, ImportError> {
        let mut named = Named::default();
        while let Some(e) = self.xml.child()? {
            match e.name.as_str() {
                "id" => self.once(&e, &mut named.id)?,
                "name" => self.once(&e, &mut named.name)?,
                other => self.skip(path, other)?,
            }
        }
        Ok(named)
    }

    fn services(&mut self, list: &str) -> Result<Vec<Service>, ImportError> {
        let path = format!("{list}/*");
        let mut services = Vec::new();
        while let Some(e) = self.xml.child()? {
            if e.name != "service" {
                self.skip(list, &e.name)?;
                continue;
            }
            self.attributes(&e, &path, &[]);
            let line = e.line;
            let mut service = Service {
                line: Some(line),
                ..Service::default()
            };
            while let Some(e) = self.xml.child()? {
                match e.name.as_str() {
                    "provider" => self.organisation(&e, &path, &mut service.provider)?,
                    "services" => {
                        let list = format!("{path}/services");
                        service.services.extend(self.services(&list)?);
                    }
                    other => self.skip(&path, other)?,
                }
            }
            self.push(&mut services, service, line)?;
        }
        Ok(services)
    }

    fn compositions(&mut self) -> Result<Vec<Composition>, ImportError> {
        let mut compositions = Vec::new();
        while let Some(e) = self.xml.child()? {
            if e.name != "composition" {
                self.skip("/compositions", &e.name)?;
                continue;
            }
            let line = e.line;
            let mut composition = Composition::default();
            while let Some(e) = self.xml.child()? {
                match e.name.as_str() {
                    "aggregate" => self.once(&e, &mut composition.aggregate)?,
                    other => self.skip("/compositions/*", other)?,
                }
            }
            self.push(&mut compositions, composition, line)?;
        }
        Ok(compositions)
    }
}

/// Refuses a member that is there already: which of two counts, nobody says.
fn first<T>(e: &Element, there: &Option<T>) -> Result<(), ImportError> {
    if there.is_none() {
        return Ok(());
    }
    let name = quoted(&e.name);
    Err(bad(
        e.line,
        &format!("`{name}` est écrit deux fois"),
        &format!("`{name}` is written twice"),
    ))
}
