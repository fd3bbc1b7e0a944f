//! The VC API over HTTP on this machine, so that the W3C's suites can judge the
//! credentials that `cocarde-seal` writes and verifies. See `judges/w3c`.
//!
//! `vc_api PORT BASE` serves, and says that it is reached under BASE; `vc_api PORT BASE
//! refuse` refuses everything, which gives the floor of each suite: what one scores by
//! doing nothing.

use cocarde_seal::data_model::{check_credential, check_presentation};
use cocarde_seal::did::DidDocument;
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::status::{self, Bitstring, Purpose};
use cocarde_seal::time::Timestamp;
use cocarde_seal::{Refusal, json, proof};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

const LIMIT: usize = 4 << 20;

struct Service {
    signer: FileSigner,
    did: String,
    base: String,
    refuse: bool,
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let port = args.get(1).map_or("8080", String::as_str);
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))?;
    let signer = FileSigner::ed25519(&[11; 32]);
    let service = Service {
        did: format!("did:key:{}", signer.public().multikey()),
        signer,
        base: format!("{}/status/", args.get(2).map_or("", String::as_str)),
        refuse: args.get(3).is_some_and(|a| a == "refuse"),
    };
    println!("{}", service.did);
    for stream in listener.incoming().flatten() {
        // One client, on this machine: one request at a time is enough.
        let _ = service.answer(stream);
    }
    Ok(())
}

impl Service {
    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        let (mut head, mut line, mut length) = (String::new(), String::new(), 0usize);
        reader.read_line(&mut head)?;
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                break;
            }
            let lower = line.to_ascii_lowercase();
            if let Some(n) = lower.strip_prefix("content-length:") {
                length = n.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length.min(LIMIT)];
        reader.read_exact(&mut body)?;
        let path = head.split(' ').nth(1).unwrap_or_default();
        let (status, answer) = match self.route(path, &body) {
            _ if self.refuse => (400, json!({"verified": false, "errors": ["refused"]})),
            Ok((status, answer)) => (status, answer),
            Err(r) => (400, json!({"verified": false, "errors": [r.en]})),
        };
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n",
            text.len()
        );
        reader.get_mut().write_all((head + &text).as_bytes())
    }

    fn route(&self, path: &str, body: &[u8]) -> Result<(u16, Value), Refusal> {
        if let Some(name) = path.strip_prefix("/status/") {
            let purpose = Purpose::ALL.into_iter().find(|p| p.name() == name);
            return Ok((200, self.list(purpose.unwrap_or(Purpose::Revocation))?));
        }
        let asked = json::parse(body, LIMIT)?;
        match path {
            "/credentials/issue" => Ok((201, self.issue(&asked["credential"])?)),
            "/credentials/verify" => {
                verify(&asked["verifiableCredential"], "assertionMethod")?;
                Ok((200, json!({"verified": true})))
            }
            "/presentations/verify" => {
                presentation(&asked["verifiablePresentation"], &asked["options"])?;
                Ok((200, json!({"verified": true})))
            }
            _ => Err(Refusal::new("path", path, path)),
        }
    }

    fn sign(&self, credential: &Value) -> Result<Value, Refusal> {
        let method = format!("{}#{}", self.did, self.signer.public().multikey());
        let now = Timestamp::now();
        proof::add(credential, &method, "assertionMethod", now, &self.signer)
    }

    fn issue(&self, credential: &Value) -> Result<Value, Refusal> {
        check_credential(credential)?;
        let mut credential = credential.clone();
        match &mut credential["issuer"] {
            Value::Object(issuer) => _ = issuer.insert("id".into(), self.did.as_str().into()),
            other => *other = self.did.as_str().into(),
        }
        if credential.get("credentialStatus").is_none() {
            let mut entries = status::entries(&self.base, 94_567);
            if let Some(all) = entries.as_array_mut() {
                all.truncate(2);
            }
            credential["credentialStatus"] = entries;
        }
        self.sign(&credential)
    }

    fn list(&self, purpose: Purpose) -> Result<Value, Refusal> {
        let (now, url) = (Timestamp::now(), format!("{}{}", self.base, purpose.name()));
        let later = Timestamp::from_second(now.as_second() + 86_400).unwrap_or(now);
        let list = Bitstring::new(0, purpose.size());
        let credential = status::credential(&self.did, &url, purpose, &list, now, later);
        self.sign(&credential)
    }
}

fn verify(secured: &Value, purpose: &str) -> Result<(), Refusal> {
    let proof = proof::take(secured, purpose)?;
    proof.holds(Timestamp::now())?;
    let did = proof.method.split('#').next().unwrap_or_default();
    let document = DidDocument::of_did_key(did)?;
    proof.verify(&document.key(&proof.method)?.key)?;
    match purpose {
        "assertionMethod" => check_credential(&proof.document),
        _ => Ok(()),
    }
}

fn presentation(presentation: &Value, options: &Value) -> Result<(), Refusal> {
    check_presentation(presentation)?;
    for name in ["challenge", "domain"] {
        let (asked, found) = (&options[name], &presentation["proof"][name]);
        if !asked.is_null() && asked != found {
            return Err(Refusal::new("proof", name, name));
        }
    }
    verify(presentation, "authentication")?;
    let presented = presentation["verifiableCredential"].as_array();
    let mut presented = presented.into_iter().flatten();
    presented.try_for_each(|c| verify(c, "assertionMethod"))
}
