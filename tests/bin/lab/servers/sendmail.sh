sendmail=/usr/libexec/sendmail/sendmail
case $1 in
setup)
  printf '%s\n' 'smmta:x:1211:1211::/var/lib/sendmail:/usr/sbin/nologin' \
    'smmsp:x:1212:1212::/var/lib/sendmail:/usr/sbin/nologin' >> /etc/passwd
  printf '%s\n' 'smmta:x:1211:' 'smmsp:x:1212:' >> /etc/group
  mkdir -p /etc/mail /run/sendmail/mta /var/lib/sendmail/host_status /var/spool/mqueue
  chmod 700 /var/spool/mqueue
  cd /etc/mail
  # The local mailer without the flags w and 5: a local recipient is looked for at delivery, not at RCPT TO. So the
  # server takes whatever comes, as one behind a filter does.
  cat > lab.mc <<'END'
divert(-1)
include(`/usr/share/sendmail/cf/m4/cf.m4')
divert(0)
OSTYPE(`debian')
define(`confDOMAIN_NAME',`mx.receiver.example')
define(`confDONT_PROBE_INTERFACES',`True')
define(`confTO_IDENT',`0')
define(`LOCAL_MAILER_PATH',`/usr/libexec/sendmail/mail.local')
define(`LOCAL_MAILER_ARGS',`mail.local -d $u')
undefine(`ALIAS_FILE')
FEATURE(`promiscuous_relay')
FEATURE(`accept_unresolvable_domains')
FEATURE(`no_default_msa')
DAEMON_OPTIONS(`Name=MTA,Addr=198.51.100.25,Port=25')
MODIFY_MAILER_FLAGS(`LOCAL',`-w5')
MAILER(`local')
MAILER(`smtp')
LOCAL_CONFIG
Cwreceiver.example
END
  m4 lab.mc > sendmail.cf ;;
start) $sendmail -bd -q30m ;;
stop)
  pid=$(head -n 1 /run/sendmail/mta/sendmail.pid)
  kill "$pid"
  tail --pid="$pid" -f /dev/null ;;
deferred) grep -ls '^MDeferred' /var/spool/mqueue/qf* | grep -q . ;;
queue) find /var/spool/mqueue -name 'qf*' ;;
flush) $sendmail -q ;;
esac
