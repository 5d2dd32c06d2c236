## Frame of the window

skip-to-content = 本文へ移動
nav-label = 主な画面
nav-overview = 概要
nav-never-sent = Never Sent
nav-eye = 確認が必要
nav-reports = 報告
nav-sources = 送信元
nav-accounts = アカウントと設定
nav-first-run = アカウントの設定
loading = お待ちください…
messages = お知らせ
dismiss = このお知らせを閉じる
undo = 元に戻す
cancel = キャンセル
close = 閉じる
back = 戻る
stop = 中止
try-again = もう一度試す
agent-away = Neversent が応答しません。起動中か終了中かもしれません。自動で接続し直します。
agent-back = Neversent が再び応答しました。
settings-problem-file = ファイルは { $file } です。
open-accounts = アカウントを開く
open-settings = 設定を開く
check-store = データを点検
work-progress = { $what }：{ $total } 件中 { $done } 件
work-stopped = 残りはそのままです。
failed-some = { $count } 件は変更できませんでした。最初の理由：{ $why }
saved = 保存しました。
saved-as = { $path } に保存しました。

## Text that strangers wrote

unfold = すべて表示
fold = 折りたたむ
cut-short = 残りは長すぎるため表示できません。
hidden-character = 目に見えない文字
homograph = 別の文字に似せた文字：{ $scripts }
unknown = 不明
unknown-server = 不明なサーバー
no-subject = （件名なし）
and-more = ほか { $count } 件

## What an account is doing

state-stopped = 停止しています。
state-connecting = メールサーバーに接続しています。
state-signing-in = サインインしています。
state-indexing = 送信済みメールを読んでいます：{ $total } 件中 { $done } 件。
state-indexing-short = 送信済みメールを読んでいます
state-scanning = 受信トレイを調べています。
state-watching = 新しいメールを待っています。
state-waiting = { $when }にもう一度試します。
state-sign-in-failed = メールサーバーがサインインを拒否しました。
state-paused = 再開するまで休止しています。
state-paused-until = { $until } まで休止しています。

## Kinds of mail

kind = 種類
kind-ordinary = 通常のメール
kind-bounce = 不達通知
kind-auto_reply = 自動返信
kind-challenge = 確認の要求
kind-virus_notice = ウイルス通知
kind-list_notice = リストの通知
kind-receipt = 開封通知
kind-abuse_report = 迷惑行為の報告

reason = 理由
reason-recipient_unknown = 宛先がない
reason-mailbox_full = メールボックスがいっぱい
reason-spam = 迷惑メールと判断
reason-virus = ウイルス
reason-policy = 相手先の規則に反する
reason-relaying_denied = 中継を拒否
reason-too_big = 大きすぎる
reason-host_unknown = サーバーがない
reason-timed_out = 時間切れ
reason-unspecified = 理由の記載なし

## Where a mail is

state-of-mail-quarantined = 「Never Sent」の中
state-of-mail-judged = 移動の候補
state-of-mail-restored = 元に戻した
state-of-mail-rescued = 救出した
state-of-mail-purged = 削除した
state-of-mail-gone = 見つからない
state-of-mail-undecided = 未判定

## What can be done

restore = 元の場所に戻す
report = 報告
purge = 削除…
restoring = 元に戻しています
purging = 削除しています
reporting = 報告
deciding = 判定しています
restore-ask = { $count } 件のメールを元の場所に戻しますか？
restore-ask-text = 元のフォルダーに戻ります。Neversent が再び移動することはないため、ここでは取り消せません。
restored-done = { $count } 件のメールを元の場所に戻しました。
purge-ask = { $count } 件のメールを削除しますか？
purge-ask-text = メールサーバーから完全に削除されます。
purged-done = { $count } 件のメールを削除しました。
report-approved = { $count } 件の報告を送ります。
report-discarded = { $count } 件のメールは報告しません。
report-waits = { $count } 件の報告が再び確認待ちになりました。
report-opened = SpamCop のページをブラウザーで開きました。内容を見て、そこで確認してください。
report-done-said = { $count } 件を確認済みにしました。
event-rescued = { $count } 件のメールはあなたのものと分かり、元のフォルダーに戻しました。
