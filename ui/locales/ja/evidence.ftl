## Whom it came for

evidence-whom-own = これは { $addresses } 宛てに届きました。このアドレスから送るのはあなただけです。
evidence-whom-shared = これは { $address } 宛てに届きました。このアドレスからは、ほかの人も送信します。
evidence-whom-not-own = これは { $address } 宛てに届きました。あなたのアドレスとして設定されていません。
evidence-whom-role = これは { $address } 宛てに届きました。複数の人やプログラムが使うことの多いアドレスで、あなたのものとして設定されていません。
evidence-whom-nobody = どのアドレス宛てに届いたのか、書かれていません。

## The ids of the original

evidence-sent = あなたが送ったメールへの返事です。{ $day } の送信済みメールの中にあります。
evidence-own-report = Neversent があなたに代わって { $day } に送った苦情への返事です。
evidence-references = あなたのメールに触れていますが、それへの返事だとは書かれていません。
evidence-never-sent = 元のメールは、送信済みメールの中にありません。その時期の送信済みメールはすべてそろっています。
evidence-not-found = 元のメールは、送信済みメールの中に見つかりませんでした。
evidence-no-id = 元のメールの番号が書かれていないため、調べることができません。

## What speaks for the user

evidence-rewritten = あなたは同じ時刻に、この件名のメールをこの相手に送っています。途中のサーバーが番号を付け替えました。
evidence-declared-relay = サーバー { $address } から来るメールは自分のものだと、あなたが指定しました。
evidence-declared-id = 番号が { $pattern } のメールは自分のものだと、あなたが指定しました。
evidence-declared-header = { $pattern } の印があるメールは自分のものだと、あなたが指定しました。
evidence-declared-dkim = { $selector } の署名があるメールは自分のものだと、あなたが指定しました。

## What is not moved

evidence-doubtful = 確実でない規則だけが、これを自動の返事と見ています。そのため移動しません。
evidence-abuse-report = 迷惑行為、またはあなたのドメインを名乗るメールについての報告です。
evidence-postmaster-copy = メール管理者宛ての控えで、ほかの人のメールに関するものです。
evidence-receipt = 受信や開封の確認です。
evidence-success-report = メールが届いたという知らせです。
evidence-own-automatic = 元のメールはプログラムが送ったものです。あなた自身の自動返信かもしれません。
evidence-forward = 元のメールは、ほかの人からあなたに宛てたものです。あなたがメールを転送しているのかもしれません。

## What was sent through the user's own server

evidence-signature = 元のメールには、あなたのドメインの有効な署名があります。
evidence-relay = 元のメールは { $address } から来ました。あなたのメールもそこから出ています。
evidence-own-server = あなたのメールサーバー { $server } が、サインインした誰かから元のメールを受け取りました。
evidence-maybe-signature = 元のメールには、あなたのドメインの有効な署名がありますが、差出人はあなたではありません。
evidence-maybe-relay = 元のメールは { $address } から来ました。戻ってきたあなた自身のメール { $mails } 件も、そこから出ています。
evidence-maybe-server = メールサーバー { $server } はあなたのもののようです。元のメールが外部から来たことを示すものはありません。

## Proofs

evidence-made-up = あなたのドメインのこのアドレスは、差出人にも宛先にも使われたことがありません。作り出されたアドレスです。
evidence-storm-subject = 集中して届いたものの一つです。前後 3 日間に、同じ件名で、あなたが送っていないメールが少なくとも { $mails } 件あります。
evidence-storm-networks = 集中して届いたものの一つです。同じ件名のメールが 3 日間に { $networks } の異なるネットワークから少なくとも { $mails } 件来ています。あなたがこの件名を使ったことはありません。
evidence-storm-address = 集中して届いたものの一つです。元のメールは { $address } から来ました。3 日間に少なくとも { $mails } 件、あなたが送っていないメールが同じ所から来ています。
evidence-spf = 元のメールは { $address } から直接来ました。{ $domains } の所有者は、このコンピューターがその名前で送ることを禁じています。

## Who handed it on

evidence-trace-claimed = 元のメールは { $host } から渡されました。そのコンピューターは、あなたの名前 { $name } を名乗りました。
evidence-trace-not-handed-on = 元のメールは { $host } から渡されました。それより前の経路の記録はつながっておらず、偽造かもしれません。
evidence-trace-no-writer = 元のメールは { $host } から渡されました。それより前の経路は、どのサーバーが記録したのか書かれておらず、偽造かもしれません。
evidence-trace-claimed-name = 元のメールは { $host } から渡されました。それより前の経路は、名乗っただけの名前に基づいており、偽造かもしれません。
evidence-trace-same-address = 元のメールは { $host } から渡されました。それより前の経路では同じアドレスからもう一度来たことになっており、偽造かもしれません。
evidence-trace-times-backwards = 元のメールは { $host } から渡されました。それより前の経路の時刻のほうが後になっており、偽造かもしれません。
evidence-trace-own-server = 偽造かもしれない経路の中に、あなたのサーバーの名前があります。
evidence-authenticated = あなたのメール事業者（{ $provider }）の名前で書かれた行によると、これは { $domain } から来ました。
evidence-not-authenticated = あなたのメール事業者（{ $provider }）の名前で書かれた行によると、これは { $domain } からだと称していますが、そうではありません。これ自体が偽造かもしれません。
evidence-host-name = これを送ったサーバー { $address } の名前は { $name } です。
evidence-backscatterer = これを送ったサーバー { $address } は backscatterer.org の一覧に載っています。偽造メールに返事をしたことが確認されています。そのようなサーバーも、本物の不達通知を送ることがあります。

## When it was sent

evidence-time-implausible = 元のメールは { $time } に送られたと書かれていますが、あり得ません。届いた時刻と離れすぎています。
evidence-time-reported = 相手のサーバーの報告によると、元のメールは { $time } にそこに届きました。
evidence-time-reached = 元のメールは { $time } に相手のサーバーに届きました。
evidence-time-of-notice = 元のメールがいつ送られたのか書かれていないため、これ自体の時刻 { $time } で判断します。

## What is known of sent mail

evidence-covered = { $from } から { $to } までにあなたが送ったメールは、すべて分かっています。
evidence-not-read = 送信済みメールをまだ最後まで読み込んでいません。
evidence-before-oldest = { $oldest } より前にあなたが送ったメールは分かりません。送信済みメールはそこから始まっています。
evidence-stale = 送信済みメールを最後に読み込んだのは { $read } で、まだ十分に新しくありません。
evidence-hole = { $from } から { $to } までにあなたが送ったメールの 1 件が、送信済みメールからなくなっています。これはその返事かもしれません。
evidence-use-taken = { $address } の送信済みメールは、すべてそろっているものとして扱います。
evidence-use-proves = { $address } の送信済みメールはそろっています。あなたのメールへの返事 { $answers } 件のうち { $known } 件は、その中のメールへの返事です。
evidence-use-too-few = { $address } からのメールへの返事が少なく、送信済みメールがそろっているかどうか確かめられません。{ $answers } 件ありますが、5 件必要です。
evidence-use-missing = あなたのメールの一部が欠けているようです。{ $address } からのメールへの返事 { $answers } 件のうち、送信済みメールの中のメールへの返事は { $known } 件だけです。
evidence-index = Neversent が持つ送信済みメールの一覧を今は読めないため（{ $why }）、何も移動しません。

## What forbids to condemn it

evidence-subject-used = あなたはその前の 30 日間に、この件名を使いました。
evidence-wrote-to = あなたはその前の 30 日間に、{ $address } にメールを送りました。
evidence-wrote-to-domain = あなたはその前の 30 日間に、{ $domain } の誰かにメールを送りました。
evidence-rewritten-domain = このメールの番号は { $domain } が付けました。このサーバーは、あなたのメールの番号も付け替えているかもしれません。
evidence-own-unseen-domain = { $domain } が番号を付けたあなたのメールに返事が来ていますが、そのメールはどの送信済みフォルダーにもありません。
evidence-signature-valid = 元のメールには、あなたのドメイン { $domain } の署名があり、有効です。
evidence-signature-unchecked = 元のメールには、あなたのドメイン { $domain } の署名がありますが、確認できませんでした。
evidence-notices-own-id = 返事が指している番号は、これを送った側の { $domain } が付けたものです。ウェブフォームではよくあることです。

## What is waited for

evidence-waiting-grace = あなたのメールの控えがまだ届くかもしれないため、{ $until } までは何も移動しません。
evidence-waiting-look-up = ネットワークへの問い合わせの答えがまだありません。{ $until } まで待ちます。
evidence-waiting-refresh = 判断する前に、送信済みメールをもう一度読み込みます。

## What the user said

evidence-users-word = 元のメールは送っていないと、あなたが指定しました。

## How far an account's index proves what was never sent

coverage-none = 送信済みフォルダーをまだ最後まで読み込んでいません。それまでは何も移動しません。
coverage-whole =
    { $minutes ->
        [0] { $from } 以降の送信済みメールは、欠けることなく分かっています（たった今読み込み）。
       *[other] { $from } 以降の送信済みメールは、欠けることなく分かっています（{ $minutes } 分前に読み込み）。
    }
coverage-hole =
    { $minutes ->
        [0] { $from } 以降の送信済みメールが分かっていますが、1 か所でメールが欠けています（たった今読み込み）。
       *[other] { $from } 以降の送信済みメールが分かっていますが、1 か所でメールが欠けています（{ $minutes } 分前に読み込み）。
    }
coverage-holes =
    { $minutes ->
        [0] { $from } 以降の送信済みメールが分かっていますが、{ $holes } か所でメールが欠けています（たった今読み込み）。
       *[other] { $from } 以降の送信済みメールが分かっていますが、{ $holes } か所でメールが欠けています（{ $minutes } 分前に読み込み）。
    }

## Why a mail is not reported

why-not-backscatter = 報告するのは、送っていないメールへの返事として取り出したものだけです。
why-not-delayed = これは遅れの知らせです。最終的に届かなければ、その通知を報告します。
why-not-list = メーリングリストまたはそのサーバーから来たものです。報告できるのはリストの管理者だけです。
why-not-left-alone = 受信確認、配信成功の知らせ、または迷惑行為の報告であり、報告の対象ではありません。
why-not-own-provider = あなた自身のメール事業者が送ったか、ほかに誰の名前もありません。報告すると、自分の事業者を報告することになります。
why-not-no-server = 送ったサーバーのアドレスが書かれていません。
why-not-too-old = 2 日より前に届いたものです。SpamCop はそれより古いメールを受け付けません。
why-not-too-old-for-operator = 1 週間より前に届いたものです。もう誰にも調べられません。
why-not-no-injector = 偽造メールを誰が渡したのか書かれていません。報告元のサーバー自身の記録だけが根拠になります。
