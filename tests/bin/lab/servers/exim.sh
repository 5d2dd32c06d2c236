case $1 in
setup)
  echo 'Debian-exim:x:1211:1211::/var/spool/exim4:/usr/sbin/nologin' >> /etc/passwd
  echo 'Debian-exim:x:1211:' >> /etc/group
  mkdir -p /var/spool/exim4 /var/log/exim4
  chown Debian-exim:Debian-exim /var/spool/exim4 /var/log/exim4
  echo 'QUOTA = 5M' > /etc/exim4/settings
  cat > /etc/exim4/exim4.conf <<'END'
.include /etc/exim4/settings
primary_hostname = mx.receiver.example
domainlist local_domains = receiver.example : mx.receiver.example
exim_user = Debian-exim
exim_group = Debian-exim
never_users = root
local_interfaces = 198.51.100.25
tls_advertise_hosts =
dsn_advertise_hosts = *
# It takes whatever comes and finds out later, as a server behind a filter does.
acl_smtp_rcpt = accept
acl_smtp_data = accept
keep_environment =
pid_file_path = /run/exim.pid
log_file_path = syslog
delay_warning = 4h:24h
begin routers
remote:
  driver = dnslookup
  domains = ! +local_domains
  transport = remote
  no_more
forward:
  driver = redirect
  check_local_user
  file = $home/.forward
  no_verify
box:
  driver = accept
  check_local_user
  transport = box
  cannot_route_message = Unknown user
begin transports
remote:
  driver = smtp
  hosts_try_fastopen =
box:
  driver = appendfile
  file = /var/mail/$local_part_data
  group = mail
  mode = 0660
  quota = QUOTA
begin retry
* * F,2h,15m; G,16h,1h,1.5; F,4d,6h
END
  chown root:root /etc/exim4/exim4.conf
  chmod 644 /etc/exim4/exim4.conf ;;
start) exim4 -bd -q30m ;;
stop)
  pid=$(cat /run/exim.pid)
  kill "$pid"
  tail --pid="$pid" -f /dev/null ;;
deferred) grep -q . /var/spool/exim4/msglog/* ;;
queue) find /var/spool/exim4/input -type f -name '*-H' ;;
flush) exim4 -qff ;;
esac
