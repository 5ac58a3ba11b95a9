/** Chat, mail, telephony, social, collaboration. Rows: see `parseTokens`. */
export const chats = String.raw`
slack.bot_token | Slack bot token | xoxb-{digit:9-14}-{digit:9-14}-{alnum:18-34} xoxb-{digit:8-14}-{alnum:18-34}
slack.user_token | Slack user token | xoxp-{digit:9-14}-{digit:9-14}-{digit:9-14}-{alnum:28-34} xoxp-{digit:9-14}-{digit:9-14}-{alnum:28-34} xoxe.xoxp-1-{alnum:146-180} xoxe.xoxb-1-{alnum:146-180}
slack.refresh_token | Slack refresh or configuration token | xoxe-{digit:1}-{alnum:140-180} xoxr-{digit:9-14}-{digit:9-14}-{digit:9-14}-{alnum:28-34}
slack.app_token | Slack app-level token | xapp-{digit:1}-{upnum:9-14}-{digit:9-14}-{hex:64} xapp-{digit:1}-{upnum:9-14}-{digit:9-14}-{lownum:40-70}
slack.legacy_token | Slack legacy workspace token | xoxa-{digit:8-14}-{word:20-150} xoxa-{word:8-150} xoxr-{word:8-150} xoxo-{word:8-150} xoxs-{digit:8-14}-{digit:8-14}-{digit:8-14}-{xhex:10-64} xoxs-{word:10-90}
slack.client_token | Slack browser token or cookie | xoxc-{digit:8-14}-{digit:8-14}-{digit:8-14}-{hex:64} xoxd-{url:60-400}
slack.webhook_url | Slack incoming webhook | hooks.slack.com/services/T{upnum:6-12}/B{upnum:6-12}/{alnum:20-26} hooks.slack-gov.com/services/T{upnum:6-12}/B{upnum:6-12}/{alnum:20-26}
slack.workflow_url | Slack workflow or trigger webhook | hooks.slack.com/workflows/T{upnum:6-12}/A{upnum:6-12}/{digit:14-20}/{alnum:20-26} hooks.slack.com/triggers/T{upnum:6-12}/{digit:10-20}/{hex:32} hooks.slack.com/workflows/{url:40-60} hooks.slack.com/triggers/{url:40-60}
discord.webhook_url | Discord webhook | discord.com/api/webhooks/{digit:17-20}/{word:60-72} discordapp.com/api/webhooks/{digit:17-20}/{word:60-72}
discord.bot_token | Discord bot or user token | mfa.{word:84}
teams.webhook_url | Microsoft Teams incoming webhook | .webhook.office.com/webhookb2/{word:36}@{word:36}/IncomingWebhook/{alnum:32}/{word:36} outlook.office.com/webhook/{word:36}@{word:36}/IncomingWebhook/{alnum:32}/{word:36} .webhook.office.com/webhookb2/{word:36}@{word:36}/IncomingWebhook/{alnum:32}
telegram.bot_token | Telegram bot token | {digit:8-10}:AA{word:33} tgram://{digit:8-10}:{word:35} api.telegram.org/bot{digit:8-10}:{word:35}
rocket_chat.webhook_url | Rocket.Chat incoming webhook | ? /hooks/{alnum:17}/{alnum:43}
google_chat.webhook_url | Google Chat webhook | chat.googleapis.com/v1/spaces/{word:8-16}/messages?key={word:39}&token={url:40-60}
zapier.webhook_url | Zapier webhook | hooks.zapier.com/hooks/catch/{digit:4-10}/{alnum:5-12} hooks.zapier.com/hooks/standard/{digit:4-10}/{alnum:5-12}
ifttt.webhook_url | IFTTT Maker webhook | maker.ifttt.com/trigger/{url:2-60}/with/key/{word:22-44}
make.webhook_url | Make (Integromat) webhook | hook.make.com/{alnum:32} hook.eu1.make.com/{alnum:32} hook.us1.make.com/{alnum:32} hook.eu2.make.com/{alnum:32} hook.us2.make.com/{alnum:32} hook.integromat.com/{alnum:32}
tines.webhook_url | Tines webhook | .tines.com/webhook/{hex:32}/{hex:32} .tines.io/webhook/{hex:32}/{hex:32}
webex.bot_token | Webex bot or personal token | {alnum:64}_P0A1_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:64}_PF84_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:64}_PE93_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
lark.webhook_url | Lark or Feishu bot webhook | open.feishu.cn/open-apis/bot/v2/hook/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} open.larksuite.com/open-apis/bot/v2/hook/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
dingtalk.webhook_url | DingTalk robot webhook | oapi.dingtalk.com/robot/send?access_token={hex:64}
wecom.webhook_url | WeCom robot webhook | qyapi.weixin.qq.com/cgi-bin/webhook/send?key={hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
sendgrid.api_key | SendGrid API key | SG.{word:22}.{word:43} SG.{word:18-24}.{word:39-50}
mailgun.api_key | Mailgun private API key | ? key-{hex:32} key-{alnum:32}
mailgun.public_key | Mailgun validation key | ? pubkey-{hex:32}
mailchimp.api_key | Mailchimp API key | {hex:32}-us{digit:1-2}
mandrill.api_key | Mandrill API key | md-{word:22}
brevo.api_key | Brevo (Sendinblue) API or SMTP key | xkeysib-{hex:64}-{alnum:16} xsmtpsib-{hex:64}-{alnum:16}
mailersend.token | MailerSend API token | mlsn.{hex:64}
resend.api_key | Resend API key | re_{alnum:8}_{alnum:24}
courier.auth_token | Courier auth token | pk_prod_{upnum:28} pk_test_{upnum:28} dk_prod_{upnum:28}
klaviyo.private_key | Klaviyo private API key | pk_{hex:34} pk_{alnum:6}_{hex:34}
twilio.account_variable | Twilio account SID in its variable | ? TWILIO_ACCOUNT_SID=AC{hex:32}
plivo.auth_id | Plivo auth id | ? PLIVO_AUTH_ID={upnum:20}
telnyx.api_key | Telnyx API key | KEY0{hex:30}{hex:1}_{alnum:22} KEY0{xhex:15-35}_{word:22}
knock.key | Knock secret key | sk_test_{word:43} sk_prod_{word:43}
facebook.access_token | Facebook access token | EAACEdEose0cBA{alnum:20-300} EAA{alnum:80-400} EAA{lower:1}{alnum:20-79}ZA{alnum:10-300} EAACE{alnum:20-300} EAAB{alnum:60-300}
facebook.instagram_token | Instagram access token | IGQV{word:100-300} IGAA{word:60-300}
facebook.app_token | Facebook app access token | ? access_token={digit:13-17}|{word:27}
threads.token | Threads access token | THAA{word:100-300}
twitter.bearer_token | X (Twitter) bearer token | AAAAAAAAAAAAAAAAAAAAA{b64p:30-110} AAAAAAAAAAAAAAAAAAAAA{url:30-110}
twitter.access_token | X (Twitter) OAuth access token | ? oauth_token={digit:8-20}-{alnum:40}
linkedin.access_token | LinkedIn access token or client secret | AQV{word:300-500} AQX{word:300-500} WPL_AP1.{alnum:16}.{b64p:8} WPL_AP0.{alnum:16}.{b64p:8}
pinterest.token | Pinterest access token | pina_{alnum:32-120}
tiktok.token | TikTok access token | act.{alnum:60-90} rft.{alnum:60-90} clt.{alnum:40-90}
twitch.stream_key | Twitch stream key | live_{digit:6-12}_{alnum:30}
spotify.refresh_token | Spotify refresh token | ? SPOTIFY_REFRESH_TOKEN=AQ{word:120-220}
vk.token | VK access token | vk1.a.{word:150-250} vk1.{lower:1}.{word:60-250}
notion.token | Notion integration token | secret_{alnum:43} ntn_{digit:11}{alnum:35}
linear.api_key | Linear API or OAuth key | lin_api_{alnum:40} lin_oauth_{hex:64} lin_wh_{alnum:40}
clickup.token | ClickUp personal token | pk_{digit:6-9}_{upnum:32}
airtable.personal_token | Airtable personal access token | pat{alnum:14}.{hex:64}
airtable.oauth_token | Airtable OAuth token | oaa{alnum:13-14}.{hex:60-140}
figma.personal_token | Figma personal access token | figd_{word:40-50} figdr_{word:38-60} figo_{word:40-60} figu_{word:40-60} figor_{word:40-60}
miro.access_token | Miro token | eyJtaXJvLm9yaWdpbiI6{word:20-60}_{word:27}
typeform.token | Typeform personal access token | tfp_{word:40-64} tfp_{word:44}_{alnum:14}
cal_com.api_key | Cal.com API key | cal_live_{hex:32} cal_{hex:32}
zoom.webhook | Zoom chat webhook | integrations.zoom.us/chat/webhooks/incomingwebhook/{word:20-30}
contentful.management_token | Contentful management token | CFPAT-{word:43}
hubspot.private_app | HubSpot private app token | pat-na1-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} pat-eu1-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} pat-na2-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} pat-ap1-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} CiRuYTEt{b64p:100-200} CiRldTEt{b64p:100-200}
intercom.token | Intercom access token | dG9rO{b64:54-70}= dG9rO{b64:40-70}==
salesforce.session | Salesforce access token or session id | 00D{alnum:12}!{dotted:80-180} 00D{alnum:15}!{dotted:80-180}
salesforce.consumer_key | Salesforce connected app consumer key | 3MVG{dotted:60-110}
salesforce.refresh_token | Salesforce refresh token | 5Aep861{dotted:60-110}
front.webhook_url | Front webhook | ? frontapp.com/api/1/noauth/{url:20-200}
pipedrive.token | Pipedrive OAuth token | v1u:AQIB{b64p:100-300}
trello.token | Trello or Atlassian Forge token | ATTA{hex:64}{xhex:8} ATTA{alnum:72}
`;
