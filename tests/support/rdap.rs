//! A registry of networks on loopback (RDAP, RFC 9082): lists that name it, and answers that a test gives it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Result, anyhow};
use tiny_http::{Header, Response, Server};

/// The server; it ends when this is dropped.
pub struct Registry {
    server: Arc<Server>,
    asked: Arc<Mutex<Vec<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Registry {
    /// Starts one that answers for the networks of documentation (RFC 5737): for each address its status and its answer.
    ///
    /// # Errors
    /// There is no port.
    pub fn start(answers: BTreeMap<String, (u16, String)>) -> Result<Self> {
        let server = Arc::new(Server::http("127.0.0.1:0").map_err(|error| anyhow!("{error}"))?);
        let (asked, own) = (Arc::new(Mutex::new(Vec::new())), server.clone());
        let base = Self::base(&server)?;
        let seen = asked.clone();
        let thread = std::thread::spawn(move || {
            for request in own.incoming_requests() {
                let path = request.url().to_owned();
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
                let (status, body) = match path.strip_prefix("/ip/") {
                    Some(address) => answers.get(address).cloned().unwrap_or((404, "{}".to_owned())),
                    None if path == "/ipv4.json" => {
                        let networks = "[\"192.0.2.0/24\",\"198.51.100.0/24\",\"203.0.113.0/24\"]";
                        (200, format!("{{\"version\":\"1.0\",\"services\":[[{networks},[\"{base}\"]]]}}"))
                    }
                    None => (404, String::new()),
                };
                let mut response = Response::from_string(body).with_status_code(status);
                if let Ok(kind) = Header::from_bytes("Content-Type", "application/rdap+json") {
                    response.add_header(kind);
                }
                let _ = request.respond(response);
            }
        });
        Ok(Self { server, asked, thread: Some(thread) })
    }

    fn base(server: &Server) -> Result<String> {
        let address = server.server_addr().to_ip().ok_or_else(|| anyhow!("it has no port"))?;
        Ok(format!("http://{address}/"))
    }

    /// Where its lists are.
    ///
    /// # Errors
    /// It has no port.
    pub fn lists(&self) -> Result<String> {
        Self::base(&self.server)
    }

    /// What it was asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An answer that names a contact for abuse within another entity, as registries do.
    pub fn contact(address: &str) -> (u16, String) {
        let card = format!(
            "[\"vcard\",[[\"version\",{{}},\"text\",\"4.0\"],[\"email\",{{}},\"text\",\"{address}\"]]]"
        );
        let owner = "[\"vcard\",[[\"email\",{},\"text\",\"owner@network.example\"]]]";
        (
            200,
            format!(
                "{{\"objectClassName\":\"ip network\",\"entities\":[{{\"roles\":[\"registrant\"],\"vcardArray\":{owner},\
                 \"entities\":[{{\"roles\":[\"abuse\"],\"vcardArray\":{card}}}]}}]}}"
            ),
        )
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
