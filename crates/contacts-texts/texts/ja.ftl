### What people read, in Japanese. The order, the comments and the names are those of en.ftl.

## Mails: invitations, to people who have no account yet

mail-invitation-subject = { $inviter }さんから{ $product }への招待が届いています
# A mail in two languages: its subject begins with this in the first, and ends with the next in the second.
mail-invitation-subject-first = { $inviter }さんから{ $product }への招待
mail-invitation-subject-second = { $product }への招待
# What an inbox shows beside the subject, and the first sentence of the text part.
mail-invitation-summary = { $inviter }さんが、{ $product }であなたとコンタクトになることを希望しています。
mail-invitation-summary-organization = { $inviter }さん（{ $organization }）が、{ $product }であなたとコンタクトになることを希望しています。
mail-invitation-lead = 招待を受けると、{ $product }でお互いのコンタクトに追加されます。アカウントをお持ちでない場合は、このメールアドレスでご登録ください。
mail-invitation-button = 招待を確認する
mail-invitation-why = このメールは、{ $inviter }さんが{ $product }であなたのメールアドレスを招待先に指定したため、お送りしています。お心当たりがない場合は、このまま破棄してください。何も操作しなければ、アカウントが作られることはありません。

## Mails: contact requests, to people who have an account

mail-request-subject = { $inviter }さんからコンタクト申請が届いています
mail-request-summary = { $inviter }さんが、{ $product }であなたとコンタクトになることを希望しています。
mail-request-summary-organization = { $inviter }さん（{ $organization }）が、{ $product }であなたとコンタクトになることを希望しています。
mail-request-lead = 承認すると、{ $product }でお互いのコンタクトに追加されます。申請の内容をご確認のうえ、承認するかどうかをお決めください。
mail-request-button = 申請を確認する
mail-request-why = このメールは、{ $product }に登録されているあなたのメールアドレス宛てに、{ $inviter }さんがコンタクト申請を送ったため、お送りしています。お心当たりがない場合は、このまま破棄してください。操作しない限り、何も変わりません。

## Mails: what every mail says

mail-message-label = { $inviter }さんからのメッセージ
mail-unchecked = { $inviter }さんが書いた文章です。{ $product }は内容を確認していません。
# The date is one of Japan's time. Only letters, digits and plain punctuation: this goes into HTML as it is.
mail-expires = このリンクは{ $year }年{ $month }月{ $day }日（日本時間）まで有効です。
mail-plain-link = ボタンからページを開けない場合は、次のURLをブラウザーのアドレス欄に貼り付けてください。
mail-no-reply = このメールは送信専用です。ご返信いただいても、{ $inviter }さんには届きません。
mail-unsubscribe = 配信を停止する
mail-report = 迷惑行為を報告する
# After a label of the text part, whose link stands on the next line.
mail-colon = ：

## Pages: while a page's script is on the way, and when it does not come

late-moment = お待ちください…
late-text = ページを読み込めませんでした。
late-reload = 再読み込みしてください

## Pages: behind an invite link. $name is the inviter

# What stays on one line with the name before it: particles and honorifics, with spaces between, the longer ones first.
link-name-endings = さんに さんを さんの さんが さん
link-open = { $product }を開く
link-see-contacts = コンタクト一覧を見る
link-see-requests = コンタクト申請を見る
link-manage = リンクを管理する
link-add = コンタクトに追加
link-accept = 承認する
link-try-again = もう一度試す
link-nowhere-title = ページが見つかりません
link-nowhere-text = URLをご確認いただくか、トップページからお進みください。
link-anonymous-title = { $name }さんからの招待
link-anonymous-text = コンタクトへの招待が届いています。ログインしてご確認ください。アカウントをお持ちでない方は、新規登録後にこの画面へ戻ります。
link-ask-title = { $name }さんにコンタクト申請を送りますか？
link-ask-text = ボタンを押すと、{ $name }さんにコンタクト申請が送信されます。
link-ask = 申請を送る
link-message = メッセージ（任意）
link-connect-title = { $name }さんをコンタクトに追加しますか？
link-connect-text = ボタンを押すと、{ $name }さんとお互いのコンタクトに追加されます。
link-awaiting-you-title = { $name }さんからコンタクト申請が届いています
link-awaiting-you-text = 承認すると、お互いのコンタクトに追加されます。
link-request-pending-title = コンタクト申請の承認待ちです
link-request-pending-text = { $name }さんの承認をお待ちください。
link-already-pending-title = コンタクト申請の承認待ちです
link-already-pending-text = 申請はすでに届いています。{ $name }さんの承認をお待ちください。
link-already-contact-title = { $name }さんとはすでにコンタクトです
link-already-contact-text = ほかに必要な操作はありません。
link-own-link-title = これはあなた自身のリンクです
link-own-link-text = コンタクトになりたい相手に送ってください。
link-at-limit-title = コンタクト数の上限に達しています
link-at-limit-text = 社外のコンタクトをこれ以上追加できません。不要なコンタクトを削除してから、リンクをもう一度開いてください。
link-request-sent-title = コンタクト申請を送りました
link-request-sent-text = { $name }さんが承認するとコンタクトになります。
link-connected-title = { $name }さんとコンタクトになりました
link-connected-text = お互いをグループチャットに招待できます。
link-not-registered-title = まだ登録されていません
link-not-registered-text = このアカウントはまだ{ $product }に登録されていません。新規登録すると、この招待に戻ります。
link-failed-title = サービスが応答しません
link-failed-text = しばらくしてから、もう一度お試しください。
link-expired-title = リンクの有効期限が切れています
link-expired-text = 送信者に新しいリンクをご依頼ください。
link-used-up-title = リンクの使用回数が上限に達しました
link-used-up-text = このリンクには利用人数の上限があります。送信者に新しいリンクをご依頼ください。
link-revoked-title = このリンクは無効になりました
link-revoked-text = リンクが再発行・停止、または取り消されました。送信者に新しいリンクをご依頼ください。
link-unknown-title = リンクが見つかりません
link-unknown-text = URLが途中で切れていないかご確認ください。開けない場合は、送信者に新しいリンクをご依頼ください。
link-sign-in = ログイン
link-register = 新規登録
link-nothing-yet = このページを開いただけでは、相手に通知されません。
# Before a name.
link-signed-in-as = ログイン中のアカウント：
link-other = 別のアカウントを使う
link-looking = 招待を確認しています…
link-slow = 時間がかかっています…
link-ended = ログインの有効期限が切れました。もう一度ログインしてください。
# A button that is there without JavaScript only.
link-reload = JavaScriptを有効にして再読み込み
link-no-script = ログインにはJavaScriptが必要です。ブラウザーで有効にして読み込み直すか、別のブラウザーでリンクを開いてください。
link-sign-in-failed = ログインできませんでした。もう一度お試しください。
link-message-refused = このメッセージは送信できません。1,000文字以内で、表示できない文字を含めずに入力してください。
link-service-failed = サービスが応答しません。もう一度お試しください。
link-no-storage = ブラウザーがこのページのデータの保存を許可していないため、ログインできません。サイトデータ（Cookie）を許可して読み込み直すか、別のブラウザーでリンクを開いてください。

## Pages: the shell of the Manage Contacts page, before its script runs

shell-title = コンタクト管理
# What search engines show.
shell-description = ユーザーの検索、コンタクト申請の承認、メールやリンクでの招待、コンタクトの管理ができます。
shell-no-script = このページにはJavaScriptが必要です。ブラウザーで有効にして読み込み直すか、別のブラウザーで開いてください。

## Pages: back from signing in

signed-in-title = ログインしています…
signed-in-failed = ログインできませんでした
signed-in-nothing-lost = ログインが取り消されたか、時間切れになりました。元のページに戻って、もう一度お試しください。
signed-in-back = 元のページに戻る
# When this browser did not begin the sign-in.
signed-in-elsewhere = このブラウザーではログインしていません
signed-in-open-again = 別のブラウザーで開始されたログインか、すでに完了しています。登録がお済みの場合は、届いた招待のリンクをもう一度開くか、コンタクト管理にお進みください。
signed-in-contacts = コンタクト管理へ進む
signed-in-no-script = ログインにはJavaScriptが必要です。ブラウザーで有効にしてから、元のページをもう一度開いてください。

## Pages: an invitation or an unsubscribe page whose address has lost its token

tokenless-invitation-title = リンクを開き直してください
tokenless-invitation-text = このURLだけでは、どの招待か分かりません。届いたメッセージのリンクをもう一度開いてください。
tokenless-mail-title = メールのリンクを開き直してください
tokenless-mail-text = このURLだけでは、どのメールか分かりません。配信の停止や迷惑行為の報告は、メールの末尾にあるリンクをもう一度開いて行ってください。

## Pages: unsubscribe and report

unsubscribe-title = 招待メールの配信停止
unsubscribe-text = 今後受け取りたくないメールを選んでください。
# Above the next two, of which one is chosen.
unsubscribe-whose = 停止する招待
unsubscribe-inviter = メールに書かれた方からの招待
unsubscribe-all = すべての方からの招待
unsubscribe-button = 配信を停止する
unsubscribe-report = 迷惑行為を報告する
unsubscribe-about-report = 迷惑な宣伝、いやがらせ、詐欺などのメールであれば報告してください。報告すると、上で選んだメールの配信も停止します。
# Opens the form again.
unsubscribe-change = 選び直す
unsubscribe-done = 受け付けました
# The same whether the address is known or not: it tells nobody which.
unsubscribe-unsubscribed = 配信停止を受け付けました。該当するメールは、今後配信されません。
unsubscribe-reported = 報告を受け付けました。該当するメールは、今後配信されません。
unsubscribe-failed = サービスが応答しません
unsubscribe-not-stored = まだ受け付けられていません。しばらくしてから、もう一度お試しください。
unsubscribe-again = もう一度試す

## Local stack: its sign-in page, its mailbox and the list of its pages

local-stack = ローカル環境
local-places = 一覧
local-places-about = 各ページの場所
local-place-manage = 画面。HTTP APIも同じアドレスにあります
local-place-mailbox = SESが送信するはずのメール
local-place-mail = 同じ内容（スクリプト向け）
local-place-mail-title = メール（JSON）
local-place-calls = AWSへの呼び出しとキャパシティーユニット
local-place-calls-title = 呼び出し
local-place-clock = この環境の時刻
local-place-clock-title = 時計
local-place-sign-in = OpenID Connect発行者の設定
local-for-processes = ほかのプロセス用：DynamoDBは{ $dynamodb }、SESは{ $ses }。呼び出しの一覧は{ $document }にあります。
local-mailbox = メールボックス
local-mailbox-about = SESが送信するはずのメール
local-mail-to = 宛先
local-mail-to-hint = （メールアドレスまたはその一部）
local-mail-search = 検索
local-mail-all = すべてのメール
local-mail-none = メールはまだありません。だれかを招待してから、このページを再読み込みしてください。
local-mail-none-to = { $to }宛てのメールはありません。
local-mail-newest = 最新の{ NUMBER($count) }件を表示しています。
local-mail-from = 差出人
local-mail-reply-to = 返信先
local-mail-sent = 送信日時
local-mail-tag = タグ
local-mail-details = 詳細
local-mail-view = 表示形式
local-mail-rendered = メール
local-mail-text = テキスト
local-mail-source = ソース
local-mail-width = 幅
local-mail-wide = 広い
local-mail-phone = 320 px
local-mail-colours = 配色
local-mail-auto = 自動
local-mail-light = ライト
local-mail-dark = ダーク
local-mail-frame = メール本文
local-mail-no-html = このメールにHTMLパートはありません。
local-mail-no-text = このメールにテキストパートはありません。
local-mail-download = ファイルとしてダウンロード（メールソフトで開けます）
local-mail-events = イベント
local-mail-no-events = なし。{ $call }で、SESに配信・バウンス・苦情を報告させることができます。
local-mail-unknown = メールが見つかりません
local-mail-unknown-text = このIDのメールはありません。
local-mail-unreadable = メールボックスを読み込めません
local-mail-unreadable-text = 詳細はログをご確認ください。
local-sign-in = ログイン
local-sign-in-about = パスワードは不要です
local-sign-in-impossible = この方法ではログインできません
local-sign-in-known = 登録済みのユーザーとして
local-sign-in-find = 検索
local-sign-in-find-hint = （名前・メールアドレス・組織）
local-sign-in-nobody = ユーザーが見つかりません。
local-sign-in-count = { NUMBER($count) }人
local-sign-in-some = { NUMBER($count) }人のうち{ NUMBER($shown) }人を表示しています。名前の一部で検索できます。
local-sign-in-new = 新規ユーザーとして
local-sign-in-name = 名前
local-sign-in-email = メールアドレス
local-sign-in-reading = 名前の読み
local-sign-in-reading-hint = （かな、任意）
local-sign-in-optional = （任意）
local-sign-in-chatwork-id = Chatwork ID
local-sign-in-organization = 組織
local-sign-in-locale = メールの言語
local-sign-in-register = 登録してログイン

## Manage Contacts: in several places

manage-again = もう一度試す
manage-back = 戻る
# Leaves a dialog without doing anything.
manage-dismiss = キャンセル
manage-close = 閉じる
manage-slow = 時間がかかっています…
manage-loading = 読み込み中
manage-more = さらに表示
# A button above a list: what has come while the list was shown.
manage-arrived = 新着{ $count }件を表示
# What a button does and to what, or a result and its reason.
manage-named = { $label }：{ $name }
manage-register = 新規登録
manage-save = 保存
manage-saved = 保存しました。
manage-sign_in = ログイン
manage-chatwork_id = ID: { $id }
# The languages by their own names: the same in every language.
manage-language-ja = 日本語
manage-language-en = English
manage-length-count-characters = { NUMBER($length) } / { NUMBER($most) }文字
manage-length-count-bytes = { NUMBER($length) } / { NUMBER($most) }バイト（絵文字などは1文字が数バイト以上になります）
manage-length-over-characters = 文字数の上限を{ $over }文字超えています。
manage-length-over-bytes = 上限を{ $over }バイト超えています。絵文字などは1文字が数バイト以上になります。

## Manage Contacts: the frame, and who is not signed in

# The menu behind a plus sign.
manage-frame-menu = 追加
manage-frame-add_contact = コンタクトを追加
manage-frame-manage = コンタクト管理
manage-frame-me = { $name }さんのアカウント
manage-frame-sign_out = ログアウト
manage-frame-skip = 本文へ移動
manage-welcome-text = { $product }では、ユーザーの検索、コンタクト申請の承認、メールやリンクでの招待ができます。ご利用にはログインが必要です。
manage-welcome-ended = ログインの有効期限が切れました。もう一度ログインすると、この画面に戻ります。
manage-welcome-left = { $product }からログアウトしました。
manage-welcome-not_registered = まだ登録されていません
manage-welcome-other = 別のアカウントを使う
manage-welcome-register = このアカウントはまだ{ $product }に登録されていません。新規登録してお進みください。

## Manage Contacts: tabs. The names are those of Chatwork's help page

manage-tab-contacts = コンタクト
manage-tab-requests = コンタクト申請
manage-tab-search = ユーザーを検索
manage-tab-invite = ユーザーを招待
manage-tab-connect = 招待してつながる
manage-tab-settings = 設定
# On a narrow screen there is room for so much.
manage-tab-contacts-short = コンタクト
manage-tab-requests-short = 申請
manage-tab-search-short = 検索
manage-tab-invite-short = 招待
manage-tab-connect-short = リンク
# Read out before a number: how many requests.
manage-tab-waiting = 未承認
# The heading of a view where it is not the tab's name.
manage-heading-connect = リンクを共有して招待する

## Manage Contacts: contacts and blocks

manage-contacts-total = コンタクト数
manage-contacts-internal = 社内
manage-contacts-external = 社外
manage-contacts-organization = { $name }のユーザー数：{ $users }
manage-contacts-organization_limited = { $name }のユーザー数：{ NUMBER($users) } / { NUMBER($limit) }
manage-contacts-filter = 名前・組織・ID・メールアドレスで絞り込む
manage-contacts-kind = 表示するコンタクト
manage-contacts-kind-all = すべて
manage-contacts-kind-internal = 社内
manage-contacts-kind-external = 社外
manage-contacts-since = { $date }に追加
manage-contacts-none = コンタクトはまだありません
manage-contacts-none-text = 知り合いを検索するか、メールで招待してください。
manage-contacts-none_found = 該当するコンタクトはありません
manage-contacts-none_found-text = 別のキーワードでお試しください。姓・名・ふりがな・組織名・Chatwork ID・メールアドレスの先頭から検索できます。
# Above requests and search results, with a link to those contacts.
manage-contacts-at_limit = 社外コンタクトが上限（{ $limit }人）に達しています。追加するには、不要なコンタクトを削除してください。
manage-contacts-at_limit-show = 社外コンタクトを見る
manage-contacts-remove = 削除
manage-contacts-remove-of = { $name }さんを削除
manage-contacts-remove-title = { $name }さんをコンタクトから削除しますか？
manage-contacts-remove-text = { $name }さんのコンタクトからもあなたが削除されます。再びつながるには、コンタクト申請と承認が必要です。
manage-contacts-removed = { $name }さんをコンタクトから削除しました。
manage-blocks = ブロックしているユーザー
manage-blocks-none = ブロックしているユーザーはいません。
manage-blocks-block = ブロック
manage-blocks-block-of = { $name }さんをブロック
manage-blocks-block-title = { $name }さんをブロックしますか？
manage-blocks-block-text = { $name }さんは、あなたを検索したり、申請や招待を送ったりできなくなります。ブロックしたことは相手に通知されません。コンタクトの場合は、お互いのコンタクトから削除されます。
manage-blocks-blocked = { $name }さんをブロックしました。
manage-blocks-unblock = ブロックを解除
manage-blocks-unblock-of = { $name }さんのブロックを解除
manage-blocks-unblocked = { $name }さんのブロックを解除しました。

## Manage Contacts: requests

manage-requests-incoming = 届いた申請
manage-requests-outgoing = 送った申請
manage-requests-sent_on = { $date }に送信
manage-requests-until = { $date }まで有効
manage-requests-arrived = 新しい申請{ $count }件を表示
manage-requests-no_incoming = 届いた申請はありません
manage-requests-no_incoming-text = コンタクト申請が届くと、ここに表示されます。
manage-requests-no_outgoing = 承認待ちの申請はありません
manage-requests-whole = 続きを読む
manage-requests-less = 折りたたむ
manage-requests-gone = この申請は取り消されたか、すでに対応済みです。
# How a request came about.
manage-origin-search = 検索から
manage-origin-email_invitation = メールの招待から
manage-origin-share_link-incoming = あなたのリンクから
manage-origin-share_link-outgoing = 相手のリンクから
manage-origin-organization = 同じ組織
manage-accept = 承認する
manage-accept-of = { $name }さんの申請を承認する
manage-accept-done = { $name }さんとコンタクトになりました。
manage-decline = 拒否する
manage-decline-of = { $name }さんの申請を拒否する
manage-decline-title = { $name }さんの申請を拒否しますか？
manage-decline-text = { $name }さんには通知されません。
manage-decline-not_now = 今回は見送る
manage-decline-not_now-hint = 後日あらためて申請が届くことがあります。
manage-decline-never = 今後は受け取らない
manage-decline-never-hint = この人からの申請は今後届きません。
manage-decline-block-hint = お互いに検索・申請・招待ができなくなります。
manage-decline-done = { $name }さんの申請を拒否しました。
manage-cancel = 申請を取り消す
manage-cancel-of = { $name }さんへの申請を取り消す
manage-cancel-title = { $name }さんへの申請を取り消しますか？
manage-cancel-text = { $name }さんの画面からも申請が削除されます。あとから再度申請できます。
manage-cancel-done = { $name }さんへの申請を取り消しました。

## Manage Contacts: search

manage-search = 検索
manage-search-label = 名前、Chatwork ID、メールアドレス
manage-search-hint = 名前とIDは前方一致、メールアドレスは完全一致で検索します。
manage-search-results = 検索結果
manage-search-count = { $count }人見つかりました
manage-search-count-more = { NUMBER($count) }人を表示中（ほかにも該当するユーザーがいます）
manage-search-none = 「{ $text }」に該当するユーザーはいません
manage-search-invite = { $address }を招待
manage-search-self = これはあなた自身です
manage-search-self-text = 検索結果に自分は表示されません。ほかのユーザーが検索できるかどうかは、設定で変更できます。
manage-search-none-text = 入力内容をご確認ください。未登録の方や検索を許可していない方は、メールで招待できます。
# What stands between the one who searches and who is found.
manage-relation-contact = コンタクト
manage-relation-requested = 申請中
manage-relation-awaiting_me = 申請が届いています
# By what somebody was found.
manage-matched-name = 名前が一致
manage-matched-chatwork_id = Chatwork IDが一致
manage-matched-email = メールアドレスが一致
manage-ask = コンタクトに追加
manage-ask-of = { $name }さんをコンタクトに追加
manage-ask-title = { $name }さんにコンタクト申請を送る
manage-ask-message = メッセージ（任意）
manage-ask-send = 申請を送る
manage-outcome-sent = { $name }さんにコンタクト申請を送りました。
manage-outcome-already_pending = { $name }さんにはすでに申請済みです。
manage-outcome-connected = { $name }さんとコンタクトになりました。
manage-outcome-already_contact = { $name }さんとはすでにコンタクトです。

## Manage Contacts: invite by email

manage-invite-text = 入力したアドレスに、あなたの名前（{ $name }）とメッセージを記載した招待メールを送信します。
manage-invite-addresses = メールアドレス
manage-invite-address = メールアドレス { $number }
manage-invite-add_address = 招待するメールアドレスを追加
manage-invite-remove_address = メールアドレス { $number } を削除
manage-invite-bulk = まとめて追加
manage-invite-bulk-label = メールアドレス（まとめて貼り付け）
manage-invite-bulk-hint = 1,000件まで。改行かカンマで区切ってください。「名前 <a@b.example>」の形式にも対応しています。
manage-invite-pasted = 複数のアドレスを「メールアドレス（まとめて貼り付け）」に追加しました。
manage-invite-message = 招待メールに添えるメッセージ（任意）
manage-invite-message-hint = URLはリンクにならない形で表示されます。
manage-invite-locale = メールの言語
manage-invite-locale-both = 日本語 + English
manage-invite-check = アドレスを確認
manage-invite-changed = 確認中に入力内容が変わりました。もう一度確認してください。
manage-invite-send = { $count }件の招待を送る
manage-preview = メールをプレビュー
manage-preview-from = 差出人
manage-preview-subject = 件名
manage-preview-mail = メール
manage-report-checked = 確認結果
# While the form is edited: the report is on what was there before.
manage-report-before = 確認結果（変更前）
manage-report-left = 修正が必要な行
manage-report-fixed = 変更済み
manage-report-next = 次の修正箇所へ（残り{ NUMBER($count) }件）
manage-report-at = { NUMBER($line) }行目：{ $why }
manage-report-nothing_sent = まだ何も送信していません。
manage-report-done = 送信結果
manage-report-sending = 送信中：{ NUMBER($done) } / { NUMBER($total) }件
manage-report-all_sent = すべて送信しました：{ NUMBER($done) } / { NUMBER($total) }件
# Read out at each quarter.
manage-report-progress = { $percent ->
    [100] { NUMBER($total) }件のメールをすべて送信しました。
   *[other] { NUMBER($total) }件のうち{ $percent }%を送信しました。
}
manage-report-empty = メールアドレスが入力されていません。
manage-report-lines = 行ごとの結果
manage-report-unknown = 送信状況を取得できません。引き続き確認しています。
manage-report-field = 入力欄{ $number }
manage-report-line = 行
manage-report-raw = 入力
manage-report-status = 結果
manage-report-show_all = { NUMBER($count) }行すべてを表示
manage-report-fix = エラーの{ $count }件を修正する
manage-report-quota = 本日の残り：{ NUMBER($left) }件（上限{ NUMBER($limit) }件、{ $until }に更新）
# What became of a line; the last parts of these names are the API's.
manage-line-queued = 送信待ち
manage-line-sent = 送信済み
manage-line-already_contact = すでにコンタクト
manage-line-already_invited = 招待済み
manage-line-duplicate = 重複
manage-line-duplicate_of = { NUMBER($line) }行目と同じ
manage-line-duplicate_of_field = 入力欄{ $number }と同じ
manage-line-invalid = 無効
manage-line-invalid_email = メールアドレスの形式が正しくありません。
manage-line-self = 自分のアドレス
manage-line-over_quota = 1日の上限を超過

## Manage Contacts: sent invitations

manage-invitations = 送った招待
manage-invitations-state = 表示する招待
manage-invitations-all = すべて
manage-invitations-none = 招待はありません
manage-invitations-none-text = メールで招待すると、ここで状況を確認できます。
manage-invitations-sent_at = { $time }に送信
manage-invitations-created_at = { $time }に作成
manage-invitations-again_from = { $time }から再送できます
manage-invitations-until = { $date }まで有効
manage-invitations-resend = 再送
manage-invitations-resend-of = { $email }に再送
manage-invitations-resent = { $email }に招待メールを再送しました。
manage-invitations-revoke = 取り消す
manage-invitations-revoke-of = { $email }への招待を取り消す
manage-invitations-revoke-title = { $email }への招待を取り消しますか？
manage-invitations-revoke-text = 送信済みのメールのリンクも、すぐに使えなくなります。
manage-invitations-revoked = { $email }への招待を取り消しました。
manage-state-queued = 送信待ち
manage-state-sent = 送信済み
manage-state-accepted = 承認済み
manage-state-undeliverable = 配信不能
manage-state-expired = 期限切れ
manage-state-revoked = 取り消し済み

## Manage Contacts: share links

manage-connect-text = リンクを受け取った人は、あなたにコンタクト申請を送れます。チャットやメール、名刺などで共有してください。
manage-connect-none = リンクはまだありません
# A link without a name of its own.
manage-connect-unnamed = あなたの招待リンク
manage-connect-url = リンク
manage-connect-copy = リンクをコピー
manage-connect-copied = リンクをコピーしました。
manage-connect-qr = 「{ $name }」のQRコード
manage-connect-qr-save = QRコードを保存
manage-connect-views = 表示回数
manage-connect-uses = 利用回数
manage-connect-last_used = 最終利用
manage-connect-never = 未使用
manage-connect-expiry = 有効期限
manage-connect-no_expiry = 無期限
manage-connect-state-on = 有効
manage-connect-state-expired = 期限切れ
manage-connect-state-used_up = 上限に到達
manage-connect-state-off = 停止中
manage-connect-dead-off = 停止中です。このリンクを開いても申請は届きません。
manage-connect-dead-expired = 有効期限が切れています。このリンクを開いても申請は届きません。「リンクの設定」で期限を変更できます。
manage-connect-dead-used_up = 利用回数の上限に達しています。このリンクを開いても申請は届きません。「リンクの設定」で上限を変更できます。
manage-connect-settings = リンクの設定
manage-connect-new = 新しいリンク
manage-connect-name = 名前
manage-connect-name-hint = 自分だけに表示されます。
manage-connect-approval = 承認方法
manage-connect-approval-owner = 自分で承認する
manage-connect-approval-owner-hint = リンクを使った人から申請が届きます。
manage-connect-approval-automatic = 自動で承認する
manage-connect-approval-automatic-hint = ボタンを押した人は、すぐにコンタクトになります。
manage-connect-approval-automatic-warning = このリンクを入手した人は、知らない人でもコンタクトになります。有効期限と使用回数の上限を設定することをおすすめします。
manage-connect-expires_in_days = 有効期間（日）
manage-connect-expires_at = 有効期限：{ $time }
manage-connect-change_expiry = 変更
manage-connect-max_uses = 利用回数の上限
manage-connect-no_limit = 空欄の場合は無制限です。
manage-connect-switch_off = 停止する
manage-connect-switch_on = 再開する
manage-connect-off = リンクを停止しました。
manage-connect-on = リンクを再開しました。
manage-connect-rotate = リンクを再発行
manage-connect-rotate-title = リンクを再発行しますか？
manage-connect-rotate-text = 現在のリンクはすぐに無効になり、共有済みの相手も使えなくなります。
manage-connect-rotated = リンクを再発行しました。
manage-connect-delete = 削除
manage-connect-delete-title = 「{ $name }」を削除しますか？
manage-connect-delete-text = リンクはすぐに無効になり、利用状況の記録も削除されます。
manage-connect-deleted = リンクを削除しました。

## Manage Contacts: settings

manage-settings-findable = 検索の許可
manage-settings-findable-name = 名前での検索を許可
manage-settings-findable-chatwork_id = Chatwork IDでの検索を許可
manage-settings-findable-email = メールアドレスでの検索を許可
manage-settings-findable-hint = 許可していなくても、あなたのリンクは使えます。
manage-settings-language = 言語
manage-settings-language-page = この画面の言語
manage-settings-language-page-hint = このブラウザーに保存されます。
manage-settings-language-mail = あなた宛てのメールの言語
manage-settings-language-mail-hint = アカウントに保存されます。
manage-settings-profile = プロフィール
manage-settings-name = 名前
manage-settings-name-hint = あなたを見つけた人に表示されます。
manage-settings-reading = ふりがな
manage-settings-reading-hint = ふりがなでも検索できるようになります。
manage-settings-chatwork_id = Chatwork ID
manage-settings-chatwork_id-hint = 英数字と - _ が使えます。変更前のIDは180日間、ほかのユーザーは使用できません。

## Manage Contacts: what went wrong. The last parts of these names are the API's codes, or the page's own

manage-problem-at_limit = 社外コンタクト数の上限に達しています。不要なコンタクトを削除してから、もう一度お試しください。
manage-problem-cannot_accept_now = 現在は承認できません。
manage-problem-chatwork_id_taken = このChatwork IDはすでに使われています。
manage-problem-control_character = 表示できない文字が含まれています。
manage-problem-empty = 入力してください。
manage-problem-failed = 処理できませんでした。もう一度お試しください。
manage-problem-internal_contact = 同じ組織のユーザーは、削除やブロックができません。
manage-problem-invalid_chatwork_id = Chatwork IDには英数字と - _ だけが使えます。
manage-problem-ambiguous_domain = @より後ろの部分がどこで終わるのか判断できません。アドレスの後ろに空白か改行を入れてください。
manage-problem-ambiguous_local_part = アドレスがどこから始まるのか判断できません。アドレスの前に空白か改行を入れてください。
manage-problem-invalid_domain = @より後ろの部分が正しくありません。
manage-problem-invalid_email = メールアドレスの形式が正しくありません。
manage-problem-invalid_input = 入力内容に誤りがあります。
manage-problem-invitation_ended = この招待はすでに終了しています。
manage-problem-invisible = 文字を入力してください。
manage-problem-no_clipboard = ブラウザーの設定によりコピーできません。選択されたリンクを手動でコピーしてください。
manage-problem-no_storage = ブラウザーがこのサイトのデータの保存を許可していないため、ログインできません。設定で許可してください。
manage-problem-non_ascii_local_part = @より前には半角の英数字と記号だけが使えます。
manage-problem-not_found = 見つかりません。すでに削除された可能性があります。
manage-problem-not_pending = この申請は取り消されたか、すでに対応済みです。
manage-problem-offline = サービスに接続できません。通信環境をご確認のうえ、もう一度お試しください。
manage-problem-out_of_range = 指定できる範囲外の値です。
manage-problem-still_running = まだ処理中です。少し待ってから、もう一度お試しください。
manage-problem-taken = すでに使われています。
manage-problem-timeout = 時間がかかりすぎました。もう一度お試しください。
manage-problem-too_large = 一度に送信できるサイズを超えています。
manage-problem-too_long = 文字数の上限を超えています。
manage-problem-too_many = 一度に招待できるのは1,000件までです。
manage-problem-too_many_links = リンク数の上限に達しています。不要なリンクを削除してから、もう一度お試しください。
manage-problem-too_short = 2文字以上（漢字・かなは1文字以上）入力してください。
manage-problem-too_soon = 前回の送信から1日たっていません。しばらくしてから、もう一度お試しください。
manage-problem-unavailable = サービスが応答しません。もう一度お試しください。
