//! Mail that means harm, from the wire to the real web view: it is text, and nothing of it is asked for or run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use it::desktop::until;
use it::{Desktop, Mail, WebView, date};
use tokio::net::TcpListener;

use super::super::clean_up::dovecot;
use super::super::reports::altered;
use super::super::storm::{Returned, returned, rig};
use super::{check_policy, go, start, status, window_of};

/// A server that nobody is to ask for anything; counts who does.
async fn trap() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, asked)
}

/// A text as a header may hold it (RFC 2047).
fn encoded(text: &str) -> String {
    format!("=?utf-8?B?{}?=", base64::engine::general_purpose::STANDARD.encode(text))
}

/// A bounce of a forged mail, with another subject and sender of its own, and of the original.
fn mail(number: u32, when: i64, outer: &str, from: &str, original: &str, words: &str) -> Mail {
    let of = Returned {
        id: Some(format!("{number}.forged@botnet.example")),
        subject: original,
        to: format!("nobody{number}@shop.example"),
        from: format!("unknown ([203.0.113.{number}])"),
    };
    let daemon = format!("From: MAILER-DAEMON@mx{number}.shop.example");
    let mail = altered(&returned(number, &of, when), "Undelivered Mail Returned to Sender", outer);
    let mail = altered(&mail, &daemon, &format!("From: {from} <daemon{number}@mx{number}.shop.example>"));
    altered(
        &mail,
        "\r\n\r\nIt could not be delivered.",
        &format!("\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{words}"),
    )
}

/// Whether the page is wider than the window, and what elements in it a mail could only have brought.
async fn check_page(window: &WebView, what: &str) {
    let seen = window
        .run(
            "return [document.documentElement.scrollWidth <= window.innerWidth, \
             document.querySelectorAll('main img, main iframe, main object, main script, main [onerror], main a[href^=\"http\"]').length]",
        )
        .await
        .expect("it is asked");
    assert_eq!(seen, serde_json::json!([true, 0]), "{what}: it fits, and nothing of the mail is an element");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_mail_is_harmless_text() {
    let (port, asked) = trap().await;
    let remote = format!("http://127.0.0.1:{port}");
    let script =
        format!("<img src='{remote}/a.png' onerror='window.pwned=1'><script>window.pwned=1</script>");
    let page = format!(
        "<html><head><link rel=stylesheet href='{remote}/b.css'><meta http-equiv=refresh content='0;url={remote}/c'></head><body \
         background='{remote}/d.png'>{script}<iframe src='{remote}/e'></iframe><a href='{remote}/f'>here</a></body></html>"
    );
    let now = date::now() - 3_600;
    let turned =
        encoded("Invoice \u{202e}gpj.exe\u{202c} \u{2066}hidden\u{2069} zero\u{200b}width \u{7}bell");
    let script = encoded(&script);
    // Ten million octets on lines that each are short enough.
    let long = vec!["A".repeat(900); 11_112].join("\r\n ");
    let plain = encoded("Mail Delivery System");
    let mails = [
        mail(1, now + 1, &script, &script, &script, &page),
        mail(2, now + 2, &turned, &encoded("\u{202e}moc.elpmaxe@knab"), &turned, &page),
        mail(
            3,
            now + 3,
            &encoded("p\u{430}ypal.example"),
            &encoded("service@p\u{430}ypal.example"),
            "An offer",
            &page,
        ),
        mail(4, now + 4, &long, &plain, &long, &page),
    ];
    let rig = rig(dovecot());
    rig.server.put("INBOX", mails).expect("they come in");
    let desktop = Desktop::start().await.expect("the desktop starts");
    let mut program = start(&desktop, &rig);
    // Of the long one too little was read to tell what it answers: it stays for the user to decide about.
    until("all are judged", async || {
        let status = status(&rig.paths()).await?;
        let account = status.accounts.first().ok_or_else(|| anyhow::anyhow!("there is an account"))?;
        anyhow::ensure!((account.quarantined, account.undecided) == (3, 1), "not yet: {account:?}");
        Ok(Some(()))
    })
    .await
    .expect("they are backscatter");

    let window = window_of(&desktop, &rig).await;
    for number in 1..=4 {
        let row = if number == 4 {
            go(&window, "#/eye").await;
            let mails = window.find("//article[@data-group]//summary").await.expect("a group");
            mails.click().await.expect("it unfolds");
            "//article[@data-group]//details//a".to_owned()
        } else {
            go(&window, "#/never-sent").await;
            format!(
                "//*[@role='row'][contains(., \"mx{number}.shop.example\")]//*[@role='gridcell' and contains(@class, 'subject')]"
            )
        };
        let row = window.find(&row).await.expect("its row");
        check_page(&window, "the list").await;
        row.click().await.expect("it opens");
        window
            .until_shown(&format!("daemon{number}@mx{number}.shop.example"))
            .await
            .expect("it is that mail");
        window
            .find("//summary[contains(., \"Raw source\")]")
            .await
            .expect("a part")
            .click()
            .await
            .expect("it unfolds");
        let beginning = if number == 4 { "Only the beginning of 20.1" } else { "multipart/report" };
        window.until_shown(beginning).await.expect("the source is shown");
        check_page(&window, &format!("mail {number}")).await;
    }
    check_policy(&window).await;
    assert_eq!(asked.load(Ordering::SeqCst), 0, "nobody asked for anything that the mails name");
    window.close().await.expect("the window closes");
    desktop.choose("Quit").await.expect("it can be chosen");
    program.wait().await.expect("it ends");
}
