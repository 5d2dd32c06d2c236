## Overview

account = アカウント
mails = 件数
day = 日
server = サーバー
today = 今日
month = 過去 30 日
last-30-days = 過去 30 日
figure-moved = 受信トレイから移動
figure-restored = あなたが戻した
figure-rescued = 自動で救出
figure-reported = 報告した
chart-title = 送っていないメールへの返事（1 時間ごと）
chart-label =
    { $storms ->
        [0] 過去 30 日のグラフ。集中はありません。
       *[other] 過去 30 日のグラフ。集中は { $storms } 回です。
    }
chart-all = すべて
chart-storm = 集中
show-as-table = 表で見る
show-as-chart = グラフで見る
storm = { $from } から { $span }の間に { $count } 件が集中（{ $when }）
kinds = 届いたもの
reasons = サーバーが示した理由
top-servers = 多く送ってきたサーバー
all-sources = すべての送信元
nothing-yet = まだ何も移動していません。
quarantined = 「Never Sent」の中
would-move = 移動の候補
coverage = 送信済みメール
look-at-these = これらのメールを見る
type-password = パスワードを入力し直す
check-now = 今すぐ確認
try-now = 今すぐ試す
checking = 新しいメールを確認しています。
pause-hour = 1 時間休止
pause-tomorrow = 明日まで休止
paused = 休止しました。メールには触れません。
resume = 再開
resumed = Neversent を再開しました。
look-through = 確認して有効にする

## Never Sent

never-sent-intro = あなたが送っていないメールへの返事です。迷惑メールの送信者があなたのアドレスを使い、その返事があなたに届きました。
found =
    { $count ->
        [0] メールはありません
       *[other] { $count } 件
    }
search = 検索
search-placeholder = 件名・アドレス・サーバー
search-and-filter = 検索と絞り込み
any-kind = すべての種類
any-state = すべての場所
any-account = すべてのアカウント
where = 場所
server-exactly = このサーバーだけ
clear-filter = 絞り込みを解除
nothing-matches = 該当するメールはありません。絞り込みを解除するとすべて表示されます。
quarantine-empty = ここには何もありません。送っていないメールへの返事は届いていません。
would-move-note = { $count } 件がここに移動する候補です。アカウントは観察だけをしています。
apply = 今すぐ移動
apply-ask = { $count } 件のメールを「Never Sent」に移動しますか？
apply-ask-text = どのメールも後で元に戻せます。
applied = { $count } 件のメールを「Never Sent」に移動しました。
chosen = { $count } 件を選択中
chosen-mails = 選択したメール
choose-all = すべて選択
choose-all-matching = 該当する { $count } 件をすべて選択
choose-none = 選択を解除
choose-mail = 「{ $subject }」を選択
actions = 操作
subject = 件名
from = 差出人
came = 受信
grid-keys = 矢印キーで移動、Enter で開く、Space で選択、R で元に戻す、P で報告、Delete で削除、/ で検索。

## One mail

verdict-backscatter = これが答えている元のメールは、あなたが送ったものではありません。
verdict-genuine = これはあなたのメールへの返事です。
verdict-misused = これはあなたのサーバーから送られましたが、あなたではないかもしれません。
verdict-undecided = これが答えている元のメールをあなたが送ったかどうか、分かりません。
verdict-ordinary = これは通常のメールです。
where-quarantined = { $when } から「Never Sent」にあります。
where-quarantined-until = { $when } から「Never Sent」にあり、{ $until } に削除されます。
where-judged = まだ { $folder } にあり、「Never Sent」に移動する候補です。
where-restored = あなたが { $folder } に戻しました。再び移動することはありません。
where-rescued = あなたのメールと分かり、{ $folder } に戻りました。
where-purged = 期限が過ぎたため「Never Sent」から削除しました。
where-gone = 「Never Sent」にはもうありません。ほかのプログラムで移動または削除されました。
where-undecided = あなたが決めるまで { $folder } に残ります。
mail-gone = このメールはもうここにはありません。
mail-gone-where = その間に移動、判定、または削除されました。移動された場合は「Never Sent」にあります。
decide-in-eye = 「確認が必要」で決める
evidence = 理由
says-mine = あなたのもの：
says-not_mine = あなたのものではない：
says-through_my_server = あなたのサーバー：
says-hint = 参考：
detail = 詳細
original = 返事の元になったメール
original-explain = 戻ってきた部分です。誰でもあなたの名前で書くことができます。
original-none = 元のメールは何も戻ってきませんでした。
to = 宛先
date = 日付
message-id = メッセージ番号
not-reached = 届かなかった宛先
hops = たどった経路
hops-explain = 新しいものが上です。途切れより上だけが信用できます。
chain-breaks = ここで経路が途切れています
handed-over-by = 渡した相手：
trust-reporter = 返事をしたサーバーが記録
trust-follows = 上の段と合う
trust-breaks = 上の段と合わない
trust-below = 信用できない
source = ソース
source-part = { $size } のうち最初の部分だけを表示しています。
save-mail = メールをファイルに保存
folder = フォルダー
size = 大きさ
rule = 規則

## Reporting one mail

report-title = 報告
report-explain = 偽のメールに返事をしていることを、SpamCop がサーバーの管理者に伝えます。送られる前に、あなたが SpamCop で確認します。
why-not = 報告できません。
discard = 報告しない
mark-done = 確認しました
open-spamcop = SpamCop のページを開く
send-again = もう一度送る
time-left = 残り { $span }
too-late = 期限切れ
spamcop-is-off = 報告は無効です。設定で有効にできます。
write-complaint = ネットワークの窓口に書く
complain-about = 対象
channel-spam_cop = SpamCop
channel-operator = 通知を送ったサーバー
channel-injector = 偽のメールを渡したホスト
complaint-host = 対象のホスト：
look-up-contact = 宛先を調べる
look-up-tells = 誰かが尋ねたことが、ネットワークの登録機関に伝わります。
contact = 連絡先
contact-rdap = 登録機関による
contact-abusix = Abusix による
text = 本文
complain-again = 1 週間以内に書いた窓口にも送る
send-complaint = 苦情を送る
complaint-sent = { $to } への苦情を送ります。

## Needs your eye

eye-intro = 決めるまで、これらはそのまま残ります。一度の判断でまとめて片付きます。
eye-empty = 確認が必要なものはありません。
eye-keys = J と K で移動。M：自分が送った。N：送っていない。L：そのまま。
group-label = { $count } 件のグループ
group-address = { $count } 件、宛先：
group-subject = { $count } 件、件名：
group-kind = { $count } 件、種類：
group-sent_folders = 送信済みメールが分からない時期の { $count } 件
newest = 最新は{ $when }
what-is-missing = 足りない情報：
what-is-seen = 分かっていること：
maybe-stolen = アカウントが盗まれたかもしれません。あなたが送りましたか？
see-mails = { $count } 件のメールを見る
that-was-me = 自分が送った
never-sent = 送っていない
leave = そのままにする
choose-sent-folders = 送信済みフォルダーを選ぶ
whose-address = 誰のアドレスかを指定
decide-ask = { $count } 件のメールを「Never Sent」に移動しますか？
decide-ask-text = 元のメールを送っていないと判断したことになります。後で元に戻せます。
decided = { $count } 件のメールを「Never Sent」に移動しました。
left = { $count } 件のメールはそのまま残り、今後は尋ねません。
mine-explain = あなたのメールの見分け方を選んでください。以後、そのようなメールへの返事は受信トレイに残ります。
mine-settles =
    { $settles ->
        [0] ほかのメールには影響せず、
       *[other] ほかの { $settles } 件も片付き、
    }{ $back ->
        [0] 戻るメールはありません。
       *[other] 「Never Sent」から { $back } 件が戻ります。
    }
mine-seem-forged = そのうち { $count } 件は迷惑メールのようです。迷惑メールの送信者も同じものを書いているのでしょう。
mine-forgeable = これは誰でもメールに書けます。
examples = 例：
no-proposal = これらのメールを見分ける手がかりがありません。
learn-this = これを覚える
declared = そのほかの自分の送信元

## Reports

reports-intro = 偽のメールに返事をしていることをサーバーの管理者に知らせます。SpamCop は 2 日より古いものを受け付けません。
reports-empty = 報告するものはありません。
report-state-waiting = 確認待ち
report-state-approved = これから送る
report-state-sending = 送信中
report-state-cut_off = 送られたかもしれない
report-state-sent = 送信済み
report-state-needs_confirmation = SpamCop で確認
report-state-done = 確認済み
report-state-refused = 拒否された
report-state-expired = 古すぎる
report-state-discarded = 報告しない
report-state-withdrawn = 取り下げ
approve = 送る
approve-all = 確認待ちの { $count } 件をすべて送る
approve-all-ask = { $count } 件の報告を送りますか？
approve-all-text = 報告の責任はあなたにあります。不確かなときは、先にメールを見てください。
send-now = { $count } 件を今すぐ送る
sent-now =
    { $count ->
        [0] 今は何も送れませんでした。
       *[other] { $count } 件の報告を送りました。
    }
chosen-reports = 選択した報告
by-itself = 自動で送信
was-put-back = メールは元に戻された
others-of-server = 同様のものがほか { $count } 件
sent-at = { $when } に送信
opened-at = ページを開いたのは{ $when }
spamcop-is-off-text = 報告は無効です。有効にするまで何も送りません。
unmatched = 対応する報告がない SpamCop の返事
unmatched-text = どの報告のリンクか分かりません。見るには、ブラウザーにコピーしてください。
digest = 自動で報告したもの

## Sources

sources-intro = 届いた返事の背後にいるサーバーです。
role = 役割
role-backscatterer = 返事をしたサーバー
role-backscatterer-text = 偽のメールを受け取り、書いていないあなたにエラーを送ってきます。
role-injector = メールを渡したホスト
role-injector-text = 記録から分かる限り、偽のメールを最初の本物のサーバーに渡しました。
servers-found = { $count } 台のサーバー
no-sources = サーバーは見つかりませんでした。
last-seen = 最後に確認
network = ネットワーク
claimed-to-be-you = あなたを名乗った
listed = backscatterer.org に記載
spark-label = 日ごとの件数、最大 { $most } 件
export-csv = CSV で保存
export-json = JSON で保存
