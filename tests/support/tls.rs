//! An own certificate authority for servers on loopback, and client configurations that trust it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// A certificate for `localhost` and 127.0.0.1, signed by a CA made for this one server.
pub struct Identity {
    ca_file: PathBuf,
    ca_pem: String,
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    key: KeyPair,
}

/// What is wrong with a certificate, for cases that must be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    #[default]
    None,
    /// It ended in 2001.
    Expired,
    /// It is for another host than the one connected to.
    ForeignName,
}

impl Identity {
    /// Makes the CA and the certificate, and writes the CA as `ca.pem` into `directory`.
    ///
    /// # Errors
    /// When a key can't be made or the file can't be written.
    pub fn new(directory: &Path, flaw: Flaw) -> Result<Self> {
        let mut ca = CertificateParams::new(Vec::<String>::new())?;
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        ca.distinguished_name.push(DnType::CommonName, "Test authority");
        let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate()?)?;

        let names = match flaw {
            Flaw::ForeignName => vec!["elsewhere.example".to_owned()],
            Flaw::None | Flaw::Expired => vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
        };
        let mut leaf = CertificateParams::new(names)?;
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        if flaw == Flaw::Expired {
            leaf.not_before = rcgen::date_time_ymd(2000, 1, 1);
            leaf.not_after = rcgen::date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate()?;
        let certificate = leaf.signed_by(&key, &ca)?;

        let ca_file = directory.join("ca.pem");
        std::fs::write(&ca_file, ca.pem()).with_context(|| format!("write {}", ca_file.display()))?;
        Ok(Self {
            ca_file,
            ca_pem: ca.pem(),
            certificate: certificate.der().clone(),
            certificate_pem: certificate.pem(),
            key,
        })
    }

    /// The CA's certificate as a PEM file.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// The certificate in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The private key in PEM.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// The server's side of TLS.
    ///
    /// # Errors
    /// When rustls refuses the certificate.
    pub fn acceptor(&self) -> Result<TlsAcceptor> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let config = rustls::ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], key)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// The client's side of TLS, trusting this CA alone.
    ///
    /// # Errors
    /// When rustls refuses the CA.
    pub fn connector(&self) -> Result<TlsConnector> {
        connector(&self.ca_pem)
    }
}

/// The client's side of TLS, trusting the CA of this PEM alone.
///
/// # Errors
/// When the PEM holds no certificate.
pub fn connector(ca_pem: &str) -> Result<TlsConnector> {
    use rustls::pki_types::pem::PemObject;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).context("read the CA's PEM")?)?;
    let config = rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
