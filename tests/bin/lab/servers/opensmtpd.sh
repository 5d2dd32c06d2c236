case $1 in
setup)
  printf '%s\n' 'opensmtpd:x:1211:1211::/var/lib/opensmtpd/empty:/usr/sbin/nologin' \
    'opensmtpq:x:1212:1212::/var/lib/opensmtpd/empty:/usr/sbin/nologin' >> /etc/passwd
  printf '%s\n' 'opensmtpd:x:1211:' 'opensmtpq:x:1212:' >> /etc/group
  mkdir -p /var/lib/opensmtpd/empty
  chgrp opensmtpq /usr/sbin/smtpctl
  chmod 2755 /usr/sbin/smtpctl
  cat > /etc/smtpd.conf <<'END'
listen on 198.51.100.25 hostname mx.receiver.example
bounce warn-interval 4h
action "box" mbox
action "out" relay
match from any for domain "receiver.example" action "box"
match from any for any action "out"
END
  ;;
start) smtpd ;;
stop)
  pid=$(pgrep -o -x smtpd)
  kill "$pid"
  tail --pid="$pid" -f /dev/null ;;
deferred) grep -rqs '^errorline' /var/spool/smtpd/queue ;;
queue) find /var/spool/smtpd/queue -type f ;;
flush) smtpctl schedule all ;;
esac
