//! A desktop that nobody looks at: a screen, a session bus, a panel with a tray, a notification daemon and a keyring, all real, and
//! the program in it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, connection};

use crate::screen::Screen;
use crate::windows::Windows;

/// How long a part may take to come up.
const PATIENCE: Duration = Duration::from_secs(30);

/// An entry of the tray's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// Its number with the desktop.
    pub id: i32,
    /// Its words; empty for a line.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
}

/// The desktop; it ends when this is dropped.
pub struct Desktop {
    home: tempfile::TempDir,
    screen: Screen,
    address: String,
    variables: Vec<(String, String)>,
    /// The session bus.
    pub bus: Connection,
    _parts: Vec<Child>,
}

impl Desktop {
    /// Starts one with an open keyring and a home without anything in it.
    ///
    /// # Errors
    /// One of its parts is not installed (`tests/run` does it), or does not come up.
    pub async fn start() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let runtime = home.path().join("run");
        std::fs::create_dir(&runtime)?;
        #[cfg(unix)]
        std::fs::set_permissions(&runtime, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let screen = Screen::start().await?;
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        bus.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        set_home(&mut bus, home.path(), screen.display());
        let mut daemon = bus.spawn().context("start dbus-daemon; `tests/run` installs it")?;
        let mut said = BufReader::new(daemon.stdout.take().context("a pipe")?).lines();
        let address = tokio::time::timeout(PATIENCE, said.next_line())
            .await
            .context("dbus-daemon does not start")??;
        let address = address.context("dbus-daemon ended")?;
        let bus = connection::Builder::address(address.as_str())?.build().await?;
        let mut desktop = Self { home, screen, address, variables: Vec::new(), bus, _parts: vec![daemon] };
        let mut keyring = desktop.command("gnome-keyring-daemon");
        keyring.args(["--unlock", "--components=secrets", "--foreground"]).stdin(Stdio::piped());
        let mut keyring = keyring.spawn().context("start gnome-keyring-daemon; `tests/run` installs it")?;
        // A fresh home: the password makes its keyring.
        let mut input = keyring.stdin.take().context("a pipe")?;
        input.write_all(b"testpw").await?;
        drop(input);
        let panel = desktop.command("xfce4-panel").arg("--disable-wm-check").spawn();
        let panel = panel.context("start xfce4-panel; `tests/run` installs it")?;
        let dunst = desktop.command("dunst").spawn().context("start dunst; `tests/run` installs it")?;
        desktop._parts.extend([keyring, panel, dunst]);
        for name in
            ["org.freedesktop.secrets", "org.kde.StatusNotifierWatcher", "org.freedesktop.Notifications"]
        {
            desktop.until_owned(name).await?;
        }
        Ok(desktop)
    }

    /// The home of whoever uses it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The same, with a variable more in the environment of its programs.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Its windows.
    ///
    /// # Errors
    /// Its screen cannot be reached.
    pub fn windows(&self) -> Result<Windows> {
        Windows::on(self.screen.display())
    }

    /// A program on this desktop.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        set_home(&mut command, self.home.path(), self.screen.display());
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address).envs(self.variables.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        command
    }

    async fn until_owned(&self, name: &str) -> Result<()> {
        let bus = zbus::fdo::DBusProxy::new(&self.bus).await?;
        let name: zbus::names::BusName<'_> = name.try_into()?;
        until(&format!("somebody is {name}"), async || {
            Ok(bus.name_has_owner(name.clone()).await?.then_some(()))
        })
        .await
    }

    async fn get(&self, destination: &str, path: &str, interface: &str, name: &str) -> Result<OwnedValue> {
        let reply = self
            .bus
            .call_method(
                Some(destination),
                path,
                Some("org.freedesktop.DBus.Properties"),
                "Get",
                &(interface, name),
            )
            .await?;
        Ok(reply.body().deserialize()?)
    }

    /// The tray icon of the program, once there is one: its bus name and the path of its menu.
    async fn tray(&self) -> Result<(String, String)> {
        let watcher = "org.kde.StatusNotifierWatcher";
        let items =
            self.get(watcher, "/StatusNotifierWatcher", watcher, "RegisteredStatusNotifierItems").await?;
        let items: Vec<String> = items.try_into()?;
        for item in items {
            let Some(at) = item.find('/') else { continue };
            let (name, path) = item.split_at(at);
            let menu = self.get(name, path, "org.kde.StatusNotifierItem", "Menu").await?;
            let menu: zbus::zvariant::OwnedObjectPath = menu.try_into()?;
            return Ok((name.to_owned(), menu.to_string()));
        }
        bail!("there is no icon")
    }

    /// The tray's menu as it is now.
    ///
    /// # Errors
    /// There is none.
    pub async fn menu(&self) -> Result<Vec<MenuEntry>> {
        let (name, path) = self.tray().await?;
        let none: Vec<&str> = Vec::new();
        let reply = self
            .bus
            .call_method(
                Some(name.as_str()),
                path.as_str(),
                Some("com.canonical.dbusmenu"),
                "GetLayout",
                &(0_i32, -1_i32, none),
            )
            .await?;
        type Node = (i32, std::collections::HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let body = reply.body();
        let (_, (_, _, children)): (u32, Node) = body.deserialize()?;
        let mut entries = Vec::new();
        for child in children {
            let (id, properties, _): Node = child.try_into()?;
            let label = match properties.get("label").map(|value| &**value) {
                Some(Value::Str(label)) => label.to_string(),
                _ => String::new(),
            };
            let enabled =
                !matches!(properties.get("enabled").map(|value| &**value), Some(Value::Bool(false)));
            entries.push(MenuEntry { id, label, enabled });
        }
        Ok(entries)
    }

    /// Waits until the tray's menu has an entry with these words.
    ///
    /// # Errors
    /// It has none in time.
    pub async fn until_in_menu(&self, words: &str) -> Result<MenuEntry> {
        let mut last = Vec::new();
        let found = until(words, async || {
            last = self.menu().await.unwrap_or_default();
            Ok(last.iter().find(|entry| entry.label.contains(words)).cloned())
        })
        .await;
        found.with_context(|| format!("the menu is {last:?}"))
    }

    /// Chooses an entry of the tray's menu.
    ///
    /// # Errors
    /// It is not there in time.
    pub async fn choose(&self, words: &str) -> Result<()> {
        let entry = self.until_in_menu(words).await?;
        let (name, path) = self.tray().await?;
        let event = (entry.id, "clicked", Value::from(""), 0_u32);
        self.bus
            .call_method(Some(name.as_str()), path.as_str(), Some("com.canonical.dbusmenu"), "Event", &event)
            .await?;
        Ok(())
    }

    /// The notifications so far, the oldest first: what each says.
    ///
    /// # Errors
    /// The daemon does not answer.
    pub async fn notifications(&self) -> Result<Vec<String>> {
        let told = |arguments: &'static str| async move {
            let output =
                self.command("dunstctl").args(arguments.split(' ')).stdout(Stdio::piped()).output().await?;
            ensure!(output.status.success(), "dunstctl {arguments}: {output:?}");
            anyhow::Ok(String::from_utf8(output.stdout)?)
        };
        // What is on the screen is in its history only when it is closed.
        told("close-all").await?;
        let history: serde_json::Value = serde_json::from_str(&told("history").await?)?;
        let list = history.pointer("/data/0").and_then(|list| list.as_array()).cloned().unwrap_or_default();
        let body = |entry: &serde_json::Value| {
            entry.pointer("/body/data").and_then(|body| body.as_str()).unwrap_or_default().to_owned()
        };
        Ok(list.iter().rev().map(body).collect())
    }

    /// Waits until there is a notification with these words.
    ///
    /// # Errors
    /// There is none in time.
    pub async fn until_notified(&self, words: &str) -> Result<()> {
        until(words, async || {
            let all = self.notifications().await?;
            Ok(all.iter().any(|body| body.contains(words)).then_some(()))
        })
        .await
    }
}

fn set_home(command: &mut Command, home: &Path, display: &str) {
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    command.env("HOME", home).env("XDG_RUNTIME_DIR", home.join("run")).env("DISPLAY", display);
    // Nobody reads the screen aloud here.
    command.env("GTK_A11Y", "none").env("NO_AT_BRIDGE", "1").env("LANG", "C.UTF-8").env_remove("LANGUAGE");
}

/// Waits until something is there.
///
/// # Errors
/// It is not in time.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let began = Instant::now();
    loop {
        let last = match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if began.elapsed() > PATIENCE {
            let error = last.unwrap_or_else(|| anyhow::anyhow!("not in {PATIENCE:?}"));
            return Err(error.context(format!("waited for: {what}")));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The desktop program: the one that `NEVERSENT_APP` names, else it is built, with what `npm run build` has made of the window.
pub fn app() -> &'static Path {
    static APP: OnceLock<PathBuf> = OnceLock::new();
    APP.get_or_init(|| match std::env::var_os("NEVERSENT_APP") {
        Some(app) => app.into(),
        None => crate::rig::built(&["--package", "app"]).join("neversent-app"),
    })
}
