mkdir -p /var/lib/mailman3 /var/log/mailman3 /run/mailman3
cat > /etc/mailman3/mailman.cfg <<'END'
[mailman]
site_owner: postmaster@receiver.example
layout: debian
[paths.debian]
var_dir: /var/lib/mailman3
bin_dir: /usr/lib/mailman3/bin
log_dir: /var/log/mailman3
lock_dir: /var/lib/mailman3/locks
pid_file: /run/mailman3/master.pid
[database]
class: mailman.database.sqlite.SQLiteDatabase
url: sqlite:////var/lib/mailman3/mailman.db
[mta]
incoming: mailman.mta.postfix.LMTP
outgoing: mailman.mta.deliver.deliver
smtp_host: 198.51.100.25
smtp_port: 25
lmtp_host: 127.0.0.1
lmtp_port: 8024
configuration: /etc/mailman3/postfix.cfg
END
# Without those of its many processes that no case needs: each takes seconds to start.
for runner in archive bounces digest nntp pipeline rest retry task; do
  printf '[runner.%s]\nstart: no\n' $runner >> /etc/mailman3/mailman.cfg
done
cat > /etc/mailman3/postfix.cfg <<'END'
[postfix]
postmap_command: /usr/sbin/postmap
transport_file_type: hash
END
chown -R list:list /var/lib/mailman3 /var/log/mailman3 /run/mailman3
as_list() { runuser -u list -- "$@" > /dev/null; }
as_list mailman create garden@receiver.example
postconf -e transport_maps=hash:/var/lib/mailman3/data/postfix_lmtp
# What stays open to it would keep its caller waiting.
as_list mailman start 2> /run/mailman3/said
timeout 30 bash -c 'until : < /dev/tcp/127.0.0.1/8024; do sleep 0.1; done' 2> /dev/null
