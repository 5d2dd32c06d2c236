//! What Postfix is told.

use std::path::Path;

use super::Setup;
use crate::dovecot::Dovecot;

/// Owns the queue: a user of every Debian, who shares neither number nor group with another.
pub(super) const OWNER: &str = "daemon";
/// The group of those who may drop mail; Postfix wants another than the owner's.
pub(super) const DROP_GROUP: &str = "mail";

/// The table of addresses to which delivery fails.
pub(super) fn transport(setup: &Setup) -> String {
    let line = |pattern: &String| format!("/{}/ failing:\n", pattern.replace('/', "\\/"));
    setup.failing.iter().map(line).collect()
}

/// Where the programs find their libraries.
pub(super) fn libraries(programs: &Path) -> String {
    let folders = ["usr/lib/postfix", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu"];
    folders.map(|folder| programs.join(folder).display().to_string()).join(":")
}

/// The parameters; the kept mail belongs to the keeper's numbers.
pub(super) fn main_cf(
    root: &Path,
    programs: &Path,
    mailbox: &Dovecot,
    setup: &Setup,
    keeper: (u32, u32),
) -> String {
    format!(
        "compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
daemon_directory = {programs}/usr/lib/postfix/sbin
command_directory = {programs}/usr/sbin
shlib_directory = {programs}/usr/lib/postfix
meta_directory = {programs}/etc/postfix
mail_owner = {OWNER}
setgid_group = {DROP_GROUP}
maillog_file = {root}/maillog
maillog_file_prefixes = {root}
import_environment = LANG=C TZ LD_LIBRARY_PATH MAIL_CONFIG MAIL_LOGTAG POSTLOG_SERVICE POSTLOG_HOSTNAME
export_environment = LANG=C TZ LD_LIBRARY_PATH MAIL_CONFIG MAIL_LOGTAG
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
lmtp_host_lookup = native
myhostname = mx.example.org
mydestination =
mynetworks =
local_recipient_maps =
local_header_rewrite_clients =
alias_maps =
alias_database =
notify_classes =
message_size_limit = {size_limit}
virtual_mailbox_limit = 0
smtpd_relay_restrictions =
smtpd_tls_auth_only = yes
smtpd_tls_chain_files = {root}/tls.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth_socket}
relay_domains = example.org
relay_transport = lmtp:inet:127.0.0.1:{lmtp_port}
virtual_mailbox_domains = {kept}
virtual_mailbox_base = {root}/kept
virtual_mailbox_maps = static:Maildir/
virtual_minimum_uid = 1
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
transport_maps = regexp:{root}/transport
default_transport = error:5.7.1 Nothing leaves this machine
",
        root = root.display(),
        programs = programs.display(),
        size_limit = setup.size_limit,
        auth_socket = mailbox.auth_socket().display(),
        lmtp_port = mailbox.lmtp_port(),
        kept = setup.kept.join(" "),
        user = keeper.0,
        group = keeper.1,
    )
}

/// The services.
pub(super) fn master_cf(submission: u16, inbound: u16) -> String {
    // There is no `smtp` client: what is for another machine has no way to it. The transport `failing` knows no mailbox, which
    // smtpd, unlike of the transport `error`, does not notice while it is spoken to.
    format!(
        "127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{inbound} inet n - n - - smtpd
  -o {{ smtpd_recipient_restrictions = check_recipient_access inline:{{example.org=OK}}, reject }}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
failing unix - n n - - virtual -o virtual_mailbox_maps=
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"
    )
}
