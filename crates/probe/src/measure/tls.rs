//! TLS: the chain a server shows, who issued it, whom it names, which versions it speaks.
//! Any chain is let through so that it can be read; whether it is to be trusted is judged
//! and recorded beside it.

use super::connect::{Net, Timed, kind};
use super::evidence::{Exchange, digest};
use super::old_tls::{self, OLD};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer as Cert, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct as Signed, Error, RootCertStore,
    SignatureScheme, StreamOwned, SupportedProtocolVersion,
};
use serde::Serialize;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate, X509Name};

/// Certificates of a chain that are read at most.
const MAX_CHAIN: usize = 10;

/// What a server shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tls {
    /// The host that was named.
    pub host: String,
    /// Its port, where that is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The version agreed on.
    pub version: Option<String>,
    /// Versions it accepts, of 1.0 to 1.3.
    pub accepts: Vec<&'static str>,
    /// Versions of which it is not known: nothing came back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<&'static str>,
    /// The chain, the host's own certificate first.
    pub chain: Vec<Certificate>,
    /// Why browsers would not trust it; `None`: they would.
    pub distrust: Option<String>,
}

/// A certificate, in what matters here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Whom it was issued to.
    pub subject: String,
    /// The organisation, or else the name, that issued it.
    pub issuer: String,
    /// That organisation's country, as the certificate says.
    pub issuer_country: Option<String>,
    /// First day.
    pub not_before: String,
    /// Last day.
    pub not_after: String,
    /// DNS names it is good for.
    pub names: Vec<String>,
    /// SHA-256 of it.
    pub sha256: String,
}

/// Roots to trust, and the library's algorithms.
#[derive(Clone)]
pub struct Trust {
    provider: Arc<CryptoProvider>,
    roots: Arc<RootCertStore>,
}

impl Tls {
    /// The host, with its port where that is not the usual one.
    #[must_use]
    pub fn server(&self) -> String {
        let port = self.port.map(|p| format!(":{p}"));
        format!("{}{}", self.host, port.unwrap_or_default())
    }

    /// The versions that it accepts although they were given up (RFC 8996).
    #[must_use]
    pub fn given_up(&self) -> Vec<&'static str> {
        old_of(&self.accepts)
    }

    /// Those of which nothing came back that says whether it does.
    #[must_use]
    pub fn given_up_perhaps(&self) -> Vec<&'static str> {
        old_of(&self.open)
    }

    /// Whether it is the other's host and port.
    #[must_use]
    pub fn is_of(&self, host: &str, port: Option<u16>) -> bool {
        self.host == host && self.port == port
    }

    /// Asks which versions the host takes.
    pub(super) fn ask_versions(&mut self, net: &mut Net, trust: &Trust) {
        let port = self.port.unwrap_or(net.ports.https);
        for version in OLD {
            let takes = old_tls::accepts(net, &self.host, port, version);
            self.note(version.0, takes);
        }
        for (word, version) in [
            ("1.2", &rustls::version::TLS12),
            ("1.3", &rustls::version::TLS13),
        ] {
            let stream = net.connect(&self.host, port).map_err(|e| e.to_string());
            let shaken =
                stream.and_then(
                    |s| match handshake(trust, s, &self.host, &[version]).map(drop) {
                        Err(why) if why == "timed out" => Err(why),
                        other => Ok(other.is_ok()),
                    },
                );
            self.note(word, shaken.ok());
        }
    }

    fn note(&mut self, version: &'static str, takes: Option<bool>) {
        match takes {
            Some(true) => self.accepts.push(version),
            Some(false) => {}
            None => self.open.push(version),
        }
    }
}

fn old_of(versions: &[&'static str]) -> Vec<&'static str> {
    let all = OLD.iter().map(|(word, _)| *word);
    all.filter(|v| versions.contains(v)).collect()
}

impl Trust {
    /// Mozilla's roots, and `more` (DER) for test worlds.
    ///
    /// # Errors
    /// When one of `more` is no certificate.
    pub fn new(more: &[Vec<u8>]) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for der in more {
            let added = roots.add(Cert::from(der.clone()));
            added.map_err(|e| e.to_string())?;
        }
        Ok(Self {
            provider: Arc::new(rustls::crypto::ring::default_provider()),
            roots: Arc::new(roots),
        })
    }

    fn config(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        seen: &Arc<Capture>,
    ) -> Result<ClientConfig, Error> {
        let builder = ClientConfig::builder_with_provider(self.provider.clone());
        let builder = builder.with_protocol_versions(versions)?;
        let mut config = builder
            .dangerous()
            .with_custom_certificate_verifier(seen.clone())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.resumption = rustls::client::Resumption::disabled();
        Ok(config)
    }

    /// Why a chain is not to be trusted at that time.
    fn judge(&self, chain: &[Cert<'_>], host: &str, at: jiff::Timestamp) -> Option<String> {
        let Some((own, rest)) = chain.split_first() else {
            return Some("no certificate".into());
        };
        let Ok(name) = ServerName::try_from(host.to_owned()) else {
            return Some("no host name".into());
        };
        let roots = self.roots.clone();
        let built = WebPkiServerVerifier::builder_with_provider(roots, self.provider.clone());
        let Ok(verifier) = built.build() else {
            return Some("no roots".into());
        };
        let since = Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0));
        let now = UnixTime::since_unix_epoch(since);
        match verifier.verify_server_cert(own, rest, &name, &[], now) {
            Ok(_) => None,
            Err(e) => Some(reason(&e)),
        }
    }
}

/// The reason without the bytes and times that the library adds.
fn reason(error: &Error) -> String {
    use rustls::CertificateError as C;
    let Error::InvalidCertificate(why) = error else {
        return "unusable certificate".into();
    };
    match why {
        C::Expired | C::ExpiredContext { .. } => "expired",
        C::NotValidYet | C::NotValidYetContext { .. } => "not valid yet",
        C::UnknownIssuer => "unknown issuer",
        C::NotValidForName | C::NotValidForNameContext { .. } => "not issued for this name",
        _ => "invalid certificate",
    }
    .into()
}

/// Keeps the chain and lets it pass; signatures of the handshake are checked all the same.
#[derive(Debug)]
struct Capture {
    provider: Arc<CryptoProvider>,
    chain: Mutex<Vec<Cert<'static>>>,
}

impl ServerCertVerifier for Capture {
    fn verify_server_cert(
        &self,
        own: &Cert<'_>,
        rest: &[Cert<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let all = std::iter::once(own).chain(rest).take(MAX_CHAIN);
        if let Ok(mut chain) = self.chain.lock() {
            *chain = all.map(|c| c.clone().into_owned()).collect();
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(&self, text: &[u8], cert: &Cert<'_>, by: &Signed) -> Valid {
        verify_tls12_signature(text, cert, by, self.algorithms())
    }

    fn verify_tls13_signature(&self, text: &[u8], cert: &Cert<'_>, by: &Signed) -> Valid {
        verify_tls13_signature(text, cert, by, self.algorithms())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms().supported_schemes()
    }
}

type Valid = Result<HandshakeSignatureValid, Error>;

impl Capture {
    fn algorithms(&self) -> &WebPkiSupportedAlgorithms {
        &self.provider.signature_verification_algorithms
    }
}

/// A connection under TLS.
pub type Secured = StreamOwned<ClientConnection, Timed>;

/// Shakes hands over a connection; gives what the server showed.
///
/// # Errors
/// One sentence: the system's or the library's reason.
pub fn secure(
    net: &mut Net,
    trust: &Trust,
    stream: Timed,
    host: &str,
) -> Result<(Secured, Tls), String> {
    let mut both = handshake(trust, stream, host, rustls::ALL_VERSIONS);
    let (outcome, server, bytes) = match &mut both {
        Ok((secured, tls, raw)) => {
            tls.distrust = trust.judge(raw, host, net.clock.now());
            let bytes: Vec<u8> = raw.iter().flat_map(|c| c.iter().copied()).collect();
            let outcome = format!("{} certificates", raw.len());
            (outcome, Some(secured.sock.address.to_string()), bytes)
        }
        Err(e) => (e.clone(), None, Vec::new()),
    };
    net.asker.exchanges.push(Exchange {
        by: "tls",
        question: format!("handshake {host}"),
        server,
        at: net.clock.now(),
        outcome,
        sha256: (!bytes.is_empty()).then(|| digest(&bytes)),
    });
    both.map(|(secured, tls, _)| (secured, tls))
}

type Shaken = (Secured, Tls, Vec<Cert<'static>>);

fn handshake(
    trust: &Trust,
    mut stream: Timed,
    host: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<Shaken, String> {
    let seen = Arc::new(Capture {
        provider: trust.provider.clone(),
        chain: Mutex::default(),
    });
    let config = trust.config(versions, &seen).map_err(|e| e.to_string())?;
    let name = ServerName::try_from(host.to_owned()).map_err(|e| e.to_string())?;
    let made = ClientConnection::new(Arc::new(config), name);
    let mut connection = made.map_err(|e| e.to_string())?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).map_err(|e| {
            match e.get_ref().and_then(|r| r.downcast_ref::<Error>()) {
                Some(tls) => tls.to_string(),
                None => kind(&e),
            }
        })?;
    }
    let raw = seen.chain.lock().map(|c| c.clone()).unwrap_or_default();
    let version = connection.protocol_version().map(|v| match v {
        rustls::ProtocolVersion::TLSv1_3 => "1.3".to_owned(),
        rustls::ProtocolVersion::TLSv1_2 => "1.2".to_owned(),
        other => format!("{other:?}"),
    });
    let tls = Tls {
        host: host.to_owned(),
        version,
        chain: raw.iter().filter_map(|der| certificate(der)).collect(),
        ..Tls::default()
    };
    Ok((StreamOwned::new(connection, stream), tls, raw))
}

/// Reads a certificate (DER); `None`: it is none.
#[must_use]
pub fn certificate(der: &[u8]) -> Option<Certificate> {
    let (_, cert) = X509Certificate::from_der(der).ok()?;
    let names = cert.subject_alternative_name().ok().flatten();
    let names = names
        .map(|n| n.value.general_names.clone())
        .unwrap_or_default();
    let dns = names.iter().filter_map(|n| match n {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        _ => None,
    });
    let day =
        |t: i64| jiff::Timestamp::from_second(t).map_or_else(|_| String::new(), |t| t.to_string());
    Some(Certificate {
        subject: common_name(cert.subject()),
        issuer: organisation(cert.issuer()),
        issuer_country: country(cert.issuer()),
        not_before: day(cert.validity().not_before.timestamp()),
        not_after: day(cert.validity().not_after.timestamp()),
        names: dns.take(200).collect(),
        sha256: digest(der),
    })
}

fn common_name(name: &X509Name<'_>) -> String {
    let first = name.iter_common_name().next();
    let text = first.and_then(|a| a.as_str().ok()).map(str::to_owned);
    text.unwrap_or_else(|| name.to_string())
}

fn organisation(name: &X509Name<'_>) -> String {
    let first = name.iter_organization().next();
    let text = first.and_then(|a| a.as_str().ok()).map(str::to_owned);
    text.unwrap_or_else(|| common_name(name))
}

fn country(name: &X509Name<'_>) -> Option<String> {
    let first = name.iter_country().next()?;
    first.as_str().ok().map(str::to_owned)
}
