notify-first = 送っていないメールへの返事を「Never Sent」に移動しました。
notify-summary = 送っていないメールへの返事 { $count } 件を「Never Sent」に移動しました。
notify-flood = 誰かがあなたの名前で書いています。これまでに返事 { $count } 件を「Never Sent」に移動しました。
notify-alarm = あなたが書いていないかもしれないメールが、あなたのサーバーから送られました（{ $account }）。あなたが送りましたか？
notify-sign-in = メールサーバーが { $account } のサインインを拒否しました。
notify-no-tray = このデスクトップにはトレイアイコンが表示されません。Neversent は動作しています。もう一度起動するとウィンドウが開きます。
notify-show = 表示
notify-report-all = すべて報告
