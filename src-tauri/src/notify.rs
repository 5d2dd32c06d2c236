//! Notifications, as the desktop shows them.

use agent::config::Paths;
use agent::desktop::{Due, Notice, Words};
use notify_rust::{Hint, Notification, NotificationResponse, Timeout, Urgency};
use tokio::sync::mpsc;
use zbus::Connection;

use crate::complain;

/// What the user chose in a notification.
#[derive(Clone, Debug)]
pub enum Answered {
    /// To see what it tells of.
    Show(Notice),
    /// To have all that waits reported.
    ReportAll,
}

/// What is shown by notifications.
pub struct Shown {
    answers: mpsc::UnboundedSender<Answered>,
    /// The notification of the flood that is on, which counts up in its place.
    flood: Option<u32>,
    bus: tokio::sync::OnceCell<Option<Connection>>,
}

impl Shown {
    /// Nothing is shown yet.
    pub fn new(answers: mpsc::UnboundedSender<Answered>) -> Self {
        Self { answers, flood: None, bus: tokio::sync::OnceCell::new() }
    }

    /// Shows what is due; `can_report`: there is something to be reported.
    pub async fn show(&mut self, due: Due, can_report: bool, words: &Words) {
        let mut notification = Notification::new();
        notification
            .appname("Neversent")
            .summary("Neversent")
            .body(&escaped(&due.text))
            .icon("neversent-app")
            .hint(Hint::DesktopEntry("Neversent".to_owned()))
            .action("default", &words.text("notify-show"))
            .action("show", &words.text("notify-show"))
            .urgency(if due.urgent { Urgency::Critical } else { Urgency::Low });
        if due.urgent {
            notification.timeout(Timeout::Never);
        }
        if can_report {
            notification.action("report", &words.text("notify-report-all"));
        }
        let is_flood = matches!(due.notice, Notice::Flood(_));
        if let Some(id) = self.flood.filter(|_| is_flood) {
            notification.id(id);
        }
        match notification.show_async().await {
            Ok(handle) => {
                self.flood = is_flood.then(|| handle.id());
                let (answers, notice) = (self.answers.clone(), due.notice);
                tokio::spawn(async move {
                    handle
                        .wait_for_action_async(|chosen| {
                            let answered = match chosen {
                                NotificationResponse::Default => Answered::Show(notice.clone()),
                                NotificationResponse::Action(action) if action == "report" => {
                                    Answered::ReportAll
                                }
                                NotificationResponse::Action(_) => Answered::Show(notice.clone()),
                                NotificationResponse::Reply(_) | NotificationResponse::Closed(_) => return,
                            };
                            let _ = answers.send(answered);
                        })
                        .await;
                });
            }
            // Nobody shows notifications here: the tray and the window say the same.
            Err(error) => tracing::info!(%error, "a notification could not be shown"),
        }
    }

    /// Says that something went wrong, and why.
    pub async fn say_trouble(&self, why: &str) {
        let mut notification = Notification::new();
        notification.appname("Neversent").summary("Neversent").body(&escaped(why)).icon("neversent-app");
        if let Err(error) = notification.urgency(Urgency::Normal).show_async().await {
            tracing::info!(%error, "a notification could not be shown");
        }
    }

    /// Says once that nothing shows tray icons here (GNOME without its extension).
    pub async fn say_if_there_is_no_tray(&self, paths: &Paths, words: &Words) {
        let Some(bus) = self.bus().await else { return };
        if has_owner(bus, "org.kde.StatusNotifierWatcher").await {
            return;
        }
        let told = paths.data_dir.join("no-tray-told");
        if tokio::fs::try_exists(&told).await.unwrap_or(true) {
            return;
        }
        let mut notification = Notification::new();
        notification
            .appname("Neversent")
            .summary("Neversent")
            .body(&words.text("notify-no-tray"))
            .icon("neversent-app");
        if notification.show_async().await.is_ok()
            && let Err(error) = tokio::fs::write(&told, "").await
        {
            complain(&error.into());
        }
    }

    /// Whether the panel is dark: most are, so what the desktop does not say is taken for dark.
    pub async fn panel_is_dark(&self) -> bool {
        let Some(bus) = self.bus().await else { return true };
        // XDG desktop portal, org.freedesktop.appearance: 0 no preference, 1 dark, 2 light.
        let asked = bus.call_method(
            Some("org.freedesktop.portal.Desktop"),
            "/org/freedesktop/portal/desktop",
            Some("org.freedesktop.portal.Settings"),
            "ReadOne",
            &("org.freedesktop.appearance", "color-scheme"),
        );
        let asked = tokio::time::timeout(std::time::Duration::from_secs(1), asked).await;
        let Ok(Ok(reply)) = asked else { return true };
        let value: Result<zbus::zvariant::OwnedValue, _> = reply.body().deserialize();
        value.ok().and_then(|value| u32::try_from(value).ok()) != Some(2)
    }

    async fn bus(&self) -> Option<&Connection> {
        self.bus.get_or_init(async || Connection::session().await.ok()).await.as_ref()
    }
}

async fn has_owner(bus: &Connection, name: &str) -> bool {
    let reply = bus
        .call_method(
            Some("org.freedesktop.DBus"),
            "/org/freedesktop/DBus",
            Some("org.freedesktop.DBus"),
            "NameHasOwner",
            &(name),
        )
        .await;
    reply.is_ok_and(|reply| reply.body().deserialize().unwrap_or(false))
}

/// Some daemons read a body as markup (Desktop Notifications, 1.2).
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
