//! TLS by rustls: the platform's roots and the user's own, and what is wrong with a certificate in words.

use std::{io, path::Path, sync::Arc};

use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{AlertDescription, CertificateError, ClientConfig, crypto::ring};
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;

use super::error::CertificateFault;
use super::wire::Stream;
use super::{ImapError, Security, Server};

/// Whose certificates are trusted: the platform's roots and those of `ca_file`, as they are now.
#[derive(Clone)]
pub struct Trust(Option<Arc<ClientConfig>>);

impl Trust {
    /// Reads the roots for a server's certificate; on Linux they are files, more than a hundred.
    ///
    /// # Errors
    /// The platform has no roots, or `ca_file` cannot be used.
    pub async fn of(server: &Server) -> Result<Self, ImapError> {
        if server.security == Security::None {
            return Ok(Self(None));
        }
        let ca_file = server.ca_file.clone();
        let config = tokio::task::spawn_blocking(move || config(ca_file.as_deref())).await;
        Ok(Self(Some(Arc::new(config.map_err(|_| ImapError::NoRoots)??))))
    }
}

/// What TLS to servers of others goes by: the platform's roots.
///
/// # Errors
/// The platform has none.
pub async fn platform_tls() -> Result<ClientConfig, ImapError> {
    tokio::task::spawn_blocking(|| config(None)).await.map_err(|_| ImapError::NoRoots)?
}

/// Lays TLS over a stream; the certificate must be the host's, signed by a root that is trusted.
pub(super) async fn encrypt(stream: Stream, server: &Server, trust: &Trust) -> Result<Stream, ImapError> {
    let host = || server.host.clone();
    let name = ServerName::try_from(server.host.clone()).map_err(|_| ImapError::HostName { host: host() })?;
    let config = trust.0.clone().ok_or(ImapError::NoRoots)?;
    match TlsConnector::from(config).connect(name, stream).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(failure(&error, host())),
    }
}

fn config(ca_file: Option<&Path>) -> Result<ClientConfig, ImapError> {
    let extra = ca_file.map(roots).transpose()?.unwrap_or_default();
    let has_extra = !extra.is_empty();
    // Named, because rustls panics where two providers are compiled in and none is chosen.
    let provider = Arc::new(ring::default_provider());
    let verifier =
        Verifier::new_with_extra_roots(extra, Arc::clone(&provider)).map_err(|error| match ca_file {
            Some(path) if has_extra => ImapError::CaFile { path: path.to_owned(), what: error.to_string() },
            _ => ImapError::NoRoots,
        })?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| ImapError::NoRoots)?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

fn roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, ImapError> {
    let unusable = |what: String| ImapError::CaFile { path: path.to_owned(), what };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let roots = roots.map_err(|error| unusable(error.to_string()))?;
    if roots.is_empty() {
        return Err(unusable("there is no certificate in PEM form in it".to_owned()));
    }
    Ok(roots)
}

fn failure(error: &io::Error, host: String) -> ImapError {
    let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return ImapError::Tls { host };
    };
    match error {
        rustls::Error::InvalidCertificate(error) => ImapError::Certificate { host, fault: fault(error) },
        rustls::Error::NoCertificatesPresented => {
            ImapError::Certificate { host, fault: CertificateFault::Invalid }
        }
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity,
        ) => ImapError::OutdatedTls { host },
        _ => ImapError::Tls { host },
    }
}

fn fault(error: &CertificateError) -> CertificateFault {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateFault::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateFault::NotYetValid
        }
        CertificateError::UnknownIssuer => CertificateFault::UnknownIssuer,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateFault::WrongName
        }
        CertificateError::Revoked => CertificateFault::Revoked,
        // webpki's CaUsedAsEndEntity comes only inside `Other`; a self-signed root of an appliance is the usual case.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            CertificateFault::Authority
        }
        _ => CertificateFault::Invalid,
    }
}
