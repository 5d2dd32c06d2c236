//! The real window, driven by WebDriver.

use std::time::Duration;

use anyhow::{Context as _, Result};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use tokio::process::Child;

use crate::desktop::{Desktop, app};

/// How long something in the window may take to be there.
const PATIENCE: Duration = Duration::from_secs(60);

/// The window of a program that runs already.
pub struct WebView {
    /// What drives it.
    pub client: Client,
    _driver: Child,
}

impl WebView {
    /// Opens the window of the agent on this desktop.
    ///
    /// # Errors
    /// The driver is not installed (`tests/run` does it), or the window does not open.
    pub async fn open(desktop: &Desktop) -> Result<Self> {
        Self::open_with(desktop, &[]).await
    }

    /// The same, with more arguments for the program.
    ///
    /// # Errors
    /// As with [`WebView::open`].
    pub async fn open_with(desktop: &Desktop, arguments: &[String]) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut driver = desktop.command("WebKitWebDriver");
        // The web view lets itself be driven only where these are set (wry, tauri-driver 2.1).
        driver.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]);
        driver.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = driver.spawn().context("start WebKitWebDriver; `tests/run` installs it")?;
        let mut capabilities = Capabilities::new();
        let arguments: Vec<&str> =
            ["--window"].into_iter().chain(arguments.iter().map(String::as_str)).collect();
        let options = serde_json::json!({ "binary": app(), "args": arguments });
        capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
        let address = format!("http://127.0.0.1:{port}");
        let client = crate::desktop::until("the window opens", async || {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            builder.capabilities(capabilities.clone());
            Ok(builder.connect(&address).await.ok())
        })
        .await?;
        Ok(Self { client, _driver: driver })
    }

    /// Waits for an element.
    ///
    /// # Errors
    /// It is not there in time; then the text of the page is told.
    pub async fn find(&self, xpath: &str) -> Result<fantoccini::elements::Element> {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(xpath)).await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => {
                let body = self.client.find(Locator::Css("body")).await;
                let text = match body {
                    Ok(body) => body.text().await.unwrap_or_default(),
                    Err(error) => error.to_string(),
                };
                Err(anyhow::Error::new(error).context(format!("{xpath} is not in:\n{text:.4000}")))
            }
        }
    }

    /// Presses a button, or follows a link, by its words.
    ///
    /// # Errors
    /// It is not there in time.
    pub async fn press(&self, words: &str) -> Result<()> {
        let xpath = format!(
            "//*[self::button or self::a][contains(normalize-space(.), \"{words}\")][not(@disabled)]"
        );
        self.find(&xpath).await?.click().await.with_context(|| format!("press {words}"))
    }

    /// Writes into the field with this label.
    ///
    /// # Errors
    /// It is not there in time.
    pub async fn write(&self, label: &str, text: &str) -> Result<()> {
        let xpath = format!(
            "//label[contains(normalize-space(.), \"{label}\")]//input | //input[@id = //label[contains(normalize-space(.), \
             \"{label}\")]/@for]"
        );
        let field = self.find(&xpath).await?;
        field.clear().await?;
        field.send_keys(text).await.with_context(|| format!("write {label}"))
    }

    /// Waits until these words stand in the window.
    ///
    /// # Errors
    /// They do not in time.
    pub async fn until_shown(&self, words: &str) -> Result<()> {
        self.find(&format!("//body[contains(., \"{words}\")]")).await.map(|_| ())
    }

    /// Runs a script in the window; returns what it returns.
    ///
    /// # Errors
    /// It throws.
    pub async fn run(&self, script: &str) -> Result<serde_json::Value> {
        self.client.execute(script, Vec::new()).await.with_context(|| script.to_owned())
    }

    /// Presses keys, wherever the focus is.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn type_keys(&self, keys: &str) -> Result<()> {
        Ok(self.client.active_element().await?.send_keys(keys).await?)
    }

    /// A picture of the window.
    ///
    /// # Errors
    /// It cannot be taken.
    pub async fn picture(&self, file: &std::path::Path) -> Result<()> {
        Ok(std::fs::write(file, self.client.screenshot().await?)?)
    }

    /// Closes the window.
    ///
    /// # Errors
    /// The driver is gone.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}
