//! A name server on loopback that does what no honest one does, for those who must survive it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Result;
use mail_auth::hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use mail_auth::hickory_resolver::proto::rr::rdata::{A, CNAME, MX, TXT};
use mail_auth::hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinHandle;

/// What is done with every question; what comes in handy of it is told by the name that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Each name is another name of itself, by way of a second one.
    Loop,
    /// As many records as a message holds.
    Flood,
    /// One text of 60,000 octets.
    HugeText,
    /// The answer to another question.
    OtherQuestion,
    /// Octets that are no message.
    Garbage,
    /// An answer cut off in its middle.
    CutOff,
    /// Nothing, ever.
    Silence,
    /// A refusal.
    Refusal,
}

/// All of them.
pub const LIES: [Lie; 8] = [
    Lie::Loop,
    Lie::Flood,
    Lie::HugeText,
    Lie::OtherQuestion,
    Lie::Garbage,
    Lie::CutOff,
    Lie::Silence,
    Lie::Refusal,
];

/// The server; it ends when this is dropped.
pub struct DnsLiar {
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl DnsLiar {
    /// Starts a server that lies so.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(lie: Lie) -> Result<Self> {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = tcp.local_addr()?;
        let udp = Arc::new(UdpSocket::bind(address).await?);
        let by_udp = tokio::spawn(async move {
            let mut question = [0; 4_096];
            while let Ok((length, from)) = udp.recv_from(&mut question).await {
                let Some(answer) = question.get(..length).and_then(|question| answer(lie, question)) else {
                    continue;
                };
                // What is too long for a datagram is told to be: the client comes again by TCP (RFC 7766 §5).
                let short = answer.len() <= 1_200;
                let told = if short { answer } else { truncated(&answer) };
                let _ = udp.send_to(&told, from).await;
            }
        });
        let by_tcp = tokio::spawn(async move {
            while let Ok((stream, _)) = tcp.accept().await {
                tokio::spawn(serve(lie, stream));
            }
        });
        Ok(Self { address, tasks: vec![by_udp, by_tcp] })
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for DnsLiar {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn serve(lie: Lie, mut stream: TcpStream) {
    while let Ok(length) = stream.read_u16().await {
        let mut question = vec![0; usize::from(length)];
        if stream.read_exact(&mut question).await.is_err() {
            return;
        }
        let Some(answer) = answer(lie, &question) else { continue };
        let length = u16::try_from(answer.len()).unwrap_or(u16::MAX);
        if stream.write_u16(length).await.is_err() || stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// The head of an answer, with the bit that says that it is not all (RFC 1035 §4.1.1).
fn truncated(answer: &[u8]) -> Vec<u8> {
    let mut head: Vec<u8> = answer.iter().copied().take(12).collect();
    if let Some(flags) = head.get_mut(2) {
        *flags |= 2;
    }
    // None of the records that the counts tell of follows.
    head.iter_mut().skip(4).for_each(|count| *count = 0);
    head
}

fn answer(lie: Lie, question: &[u8]) -> Option<Vec<u8>> {
    let mut message = Message::from_vec(question).ok()?;
    message.metadata.message_type = MessageType::Response;
    message.additionals.clear();
    message.edns = None;
    let query = message.queries.first()?.clone();
    let (name, kind) = (query.name().clone(), query.query_type());
    let record = |name: &Name, data: RData| Record::from_rdata(name.clone(), 60, data);
    match lie {
        Lie::Silence => return None,
        Lie::Garbage => return Some(vec![0xFF; 700]),
        Lie::Refusal => message.metadata.response_code = ResponseCode::Refused,
        Lie::OtherQuestion => {
            let other = Name::from_ascii("other.example.").ok()?;
            message.queries.iter_mut().for_each(|query| {
                query.set_name(other.clone());
            });
            message.answers.push(record(&other, data_of(kind, 1)?));
        }
        Lie::Loop => {
            let other = Name::from_ascii("loop.example.").ok()?;
            message.answers.push(record(&name, RData::CNAME(CNAME(other.clone()))));
            message.answers.push(record(&other, RData::CNAME(CNAME(name))));
        }
        Lie::Flood => {
            // A message holds 65,535 octets, and no record is shorter than this.
            for number in 0..3_500 {
                message.answers.push(record(&name, data_of(kind, number)?));
            }
        }
        Lie::HugeText => {
            let text = RData::TXT(TXT::new(vec!["v=spf1 v=DKIM1 p=AAAA".repeat(10); 280]));
            message.answers.push(record(&name, text));
        }
        Lie::CutOff => {
            message.answers.push(record(&name, data_of(kind, 1)?));
            let whole = message.to_vec().ok()?;
            return whole.get(..whole.len().saturating_sub(5)).map(<[u8]>::to_vec);
        }
    }
    let mut whole = message.to_vec().ok()?;
    whole.truncate(usize::from(u16::MAX));
    Some(whole)
}

/// The data of one record of a kind.
fn data_of(kind: RecordType, number: u32) -> Option<RData> {
    let address = Ipv4Addr::from(0x0A00_0000 + number);
    Some(match kind {
        RecordType::MX => RData::MX(MX::new(1, Name::from_ascii(format!("m{number}.example.")).ok()?)),
        RecordType::TXT => RData::TXT(TXT::new(vec!["v=spf1 -all".to_owned()])),
        _ => RData::A(A(address)),
    })
}
