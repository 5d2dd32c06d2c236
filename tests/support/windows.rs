//! The windows of a screen, as X tells of them.

use anyhow::{Context as _, Result};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, Window};
use x11rb::rust_connection::RustConnection;

/// The windows of a screen without a window manager.
pub struct Windows {
    screen: RustConnection,
    root: Window,
}

impl Windows {
    /// Those of the screen with this name, as `DISPLAY` has it.
    ///
    /// # Errors
    /// It cannot be reached.
    pub fn on(display: &str) -> Result<Self> {
        let (screen, number) = RustConnection::connect(Some(display))?;
        let root = screen.setup().roots.get(number).context("a screen without windows")?.root;
        Ok(Self { screen, root })
    }

    fn atom(&self, name: &str) -> Result<u32> {
        Ok(self.screen.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }

    /// The window whose title this is true of.
    ///
    /// # Errors
    /// The screen is gone.
    pub fn with_title(&self, mut wanted: impl FnMut(&str) -> bool) -> Result<Option<Window>> {
        let title = self.atom("_NET_WM_NAME")?;
        for window in self.screen.query_tree(self.root)?.reply()?.children {
            let property = self.screen.get_property(false, window, title, AtomEnum::ANY, 0, 1_000)?;
            // It may be gone since it was listed.
            let Ok(property) = property.reply() else { continue };
            if wanted(&String::from_utf8_lossy(&property.value)) {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    /// Closes a window as its own button does.
    ///
    /// # Errors
    /// The screen is gone.
    pub fn close(&self, window: Window) -> Result<()> {
        let (protocols, delete) = (self.atom("WM_PROTOCOLS")?, self.atom("WM_DELETE_WINDOW")?);
        let event = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        self.screen.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
        Ok(())
    }
}
