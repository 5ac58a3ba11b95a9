/** Mail, text messages, telephony, push, social networks. Rows: see `parseServices`. */
export const messages = String.raw`
activecampaign | ActiveCampaign | active campaign | {hex:72}
airship | Airship | ! airship,urbanairship | {word:22} {alnum:91}
apifonica | Apifonica | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:64}
bitly | Bitly | bitly,bit.ly | {word:40} R_{hex:32}
bluesky | Bluesky | bluesky,bsky | {lownum:4}-{lownum:4}-{lownum:4}-{lownum:4}
bombbomb | BombBomb | | {dotted:500-1000}
braze | Braze | braze,appboy | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
brevo | Brevo (Sendinblue) | brevo,sendinblue | xkeysib-{hex:64}-{alnum:16} {alnum:16}
bulbul | Bulbul | | {hex:32}
bulksms | BulkSMS | | {alnum:29} {alnum:30}*{alnum:6}
campaign_monitor | Campaign Monitor | campaignmonitor,campaign monitor,createsend | {b64p:80-120} {hex:32}
campayn | Campayn | | {hex:64}
chatbot | ChatBot | chatbot | {word:32}
chatfuel | Chatfuel | chatfule,chatfuel | {alnum:128}
chatwork | Chatwork | chatwork | {hex:32}
clickatell | Clickatell | clickatell | {b64p:24} {word:22}
clicksend | ClickSend | clicksendsms,clicksend | {HEX:8}-{HEX:4}-{HEX:4}-{HEX:4}-{HEX:12}
clockwork | Clockwork SMS | clockworksms,clockwork sms,textanywhere | {alnum:24} {lownum:5}-{lownum:5}
constant_contact | Constant Contact | constantcontact,constant contact | {word:22} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
convertkit | ConvertKit | convertkit | {word:22} {word:43}
courier | Courier | courier | pk_{lower:4}_{upnum:28}
customerio | Customer.io | customerio,customer.io,customer io | {hex:20} {lownum:20} {hex:32}
d7network | D7 Networks | d7network,d7networks | {b64p:23}= {dotted:100-500}
dailyco | Daily | dailyco,daily.co | {hex:64}
debounce | DeBounce | ! debounce | {alnum:13} {lownum:13}
demio | Demio | | {alnum:32} {alnum:10-20}
dingtalk | DingTalk | dingtalk | {hex:64} SEC{hex:64} {word:64}
discord | Discord | | {word:24}.{word:6}.{word:27} {word:26}.{word:6}.{word:38} {alnum:24}.{alnum:6}.{word:27} {word:32} {hex:64}
disqus | Disqus | | {alnum:64}
dotdigital | Dotdigital | dotdigital,dotmailer | apiuser-{hex:12}
drift | Drift | ! drift,driftt | {alnum:32}
drip | Drip | getdrip,drip_ | {hex:32}
eightxeight | 8x8 | eightxeight,8x8 | {alnum:43} {alnum:30} {alnum:18-30}
elasticemail | Elastic Email | elasticemail,elastic email | {HEX:96} {HEX:8}-{HEX:4}-{HEX:4}-{HEX:4}-{HEX:12}
enablex | EnableX | | {alnum:36} {hex:24}
facebook | Facebook | facebook,fb_,fb app,fbapp,fbapi,fbsecret,fbtoken,meta app | {hex:32}
getemail | GetEmail.io | getemails,getemail | {alnum:20} {alnum:26}
getresponse | GetResponse | | {lownum:32} {hex:32}
gotify | Gotify | gotify | {dotted:15}
gyazo | Gyazo | | {word:43} {hex:64}
hellosign | Dropbox Sign (HelloSign) | hellosign,hello sign,dropbox sign | {hex:64} {alnum:64}
hootsuite | Hootsuite | hootsuite | {alnum:20-40}
hunter | Hunter | hunter.io,hunter_,hunterio,hunter api | {hex:40}
infobip | Infobip | infobip | {hex:32}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
infomaniak | Infomaniak | infomaniak | {word:80-90}
instabot | Instabot | | {b64p:44} {b64:43}=
instagram | Instagram | instagram | {hex:32} {digit:7-12}.{hex:7}.{hex:32}
iterable | Iterable | iterable | {hex:32}
kakao | Kakao | kakao | {hex:32}
kickbox | Kickbox | | live_{hex:64} test_{hex:64} {word:32}
klaviyo | Klaviyo | | pk_{hex:34} {alnum:6}
larksuite | Lark | larksuite,lark_,feishu | t-{word:20-60} u-{dotted:20-60} cli_{lownum:16} {alnum:32}
lemlist | lemlist | | {hex:32} {lownum:32}
line | LINE | linenotify,line notify,linemessaging,line messaging,line_channel,line channel,line_access,line token,line_token | {alnum:43} {b64:170-172}= {hex:32}
linkedin | LinkedIn | linkedin,linked in | {alnum:16} {lownum:14} {lownum:12} WPL_AP1.{alnum:16}.{b64p:8} AQ{word:200-400}
mailboxlayer | mailboxlayer | mailboxlayer,mailbox layer | {lownum:32}
mailchimp | Mailchimp | mailchimp,mail chimp | {hex:32}-us{digit:1-2} {hex:32}
mailerlite | MailerLite | mailerlite,mailer lite | {hex:32} {dotted:600-1300}
mailgun | Mailgun | mailgun,mail gun | {hex:32}-{hex:8}-{hex:8} {hex:72} key-{alnum:32} {hex:32}
mailjet | Mailjet | mailjet | {hex:32} {alnum:32}
mailmodo | Mailmodo | | {upnum:7}-{upnum:7}-{upnum:7}-{upnum:7}
mailsac | Mailsac | | k_{alnum:36} {word:38}
mailtrap | Mailtrap | mailtrap | {hex:32} {hex:14}
mandrill | Mandrill | | {word:22} md-{word:22}
manychat | ManyChat | manychat | {digit:6-16}:{hex:32}
mastodon | Mastodon | mastodon | {word:43}
mattermost | Mattermost | matter most | {lownum:26}
mautic | Mautic | mautic | {lownum:50}
mesibo | mesibo | | {alnum:64}
messagebird | MessageBird | message bird | {alnum:25}
beehiiv | Beehiiv | beehiiv | {alnum:64}
mixmax | Mixmax | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {word:36}
moosend | Moosend | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {lownum:32}
naver | Naver | naver | {word:20} {word:10}
netcore | Netcore (Pepipost) | pepipost,netcore | {hex:32} {lownum:32}
ntfy | ntfy | ntfy | tk_{lownum:29}
nylas | Nylas | | {alnum:30} nyk_v0_{alnum:64}
omnisend | Omnisend | | {hex:24}-{word:50} {hex:24}-{alnum:50}
onesignal | OneSignal | one signal | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {b64p:48} os_v2_app_{lownum:103} os_v2_org_{lownum:103}
oopspam | OOPSpam | | {alnum:40}
pinterest | Pinterest | pinterest | pina_{alnum:60-100} {hex:40}
plivo | Plivo | | {b64p:40} {word:40} MA{upnum:18}
postageapp | PostageApp | | {alnum:32}
postbacks | Postbacks | | {alnum:32}
postmark | Postmark | postmark,x-postmark | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
pubnub | PubNub | | pub-c-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} sub-c-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} sec-c-{b64p:48}
pushbullet | Pushbullet | push bullet | o.{alnum:32} {alnum:34}
pusher | Pusher | pusher | {hex:20} {lownum:20}
pushover | Pushover | pushover | {lownum:30}
qq | Tencent QQ | qqbot,qq_app | {alnum:32}
reachmail | ReachMail | | {alnum:69} {word:69}
rebrandly | Rebrandly | | {ident:32} {hex:32}
reddit | Reddit | reddit | {word:27} {word:30} {word:14}
ringcentral | RingCentral | | {word:22} {word:64} {word:40-100}
rocketchat | Rocket.Chat | rocketchat,rocket.chat,rocket chat | {word:43} {alnum:17}
sendbird | Sendbird | send bird | {hex:40} {hex:24} {HEX:8}-{HEX:4}-{HEX:4}-{HEX:4}-{HEX:12}
sendgrid | SendGrid | send grid | SG.{dotted:60-70} {word:69}
sendpulse | SendPulse | sendpulse | {hex:32}
signalwire | SignalWire | | PT{hex:48} {alnum:50} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
sinch | Sinch | sinchmessage,sinch | {hex:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
slack | Slack | slack | {hex:32} {digit:10-13}.{digit:10-14} xox{lower:1}-{word:20-100} {alnum:24}
smooch | Smooch | | act_{hex:24} {word:86}
smtp2go | SMTP2GO | smtp2go | api-{HEX:32} {alnum:20}
snapchat | Snapchat | snapchat | {hex:64} {dotted:200-600}
sparkpost | SparkPost | spark post | {hex:40}
ghost_inspector | Ghost Inspector | ghostinspector,ghost inspector | {hex:40}
sugester | Sugester | | {alnum:32}
telegram | Telegram | telegram,tg bot,tg_bot | {digit:8-10}:{word:35} {hex:32}
teletype | Teletype | | {word:32}
telnyx | Telnyx | | KEY{hex:32}_{alnum:22} KEY{word:55}
textmagic | Textmagic | | {alnum:30}
tiktok | TikTok | tiktok | {alnum:32} {hex:40}
tly | T.LY | tly_,t.ly,tly | {alnum:60}
tumblr | Tumblr | tumblr | {alnum:50}
twilio | Twilio | | SK{hex:32} AC{hex:32} {hex:32}
twist | Twist | ! twist,twistapp | {digit:4}:{hex:40} {hex:46} {alnum:40}
twitch | Twitch | | {lownum:30}
twitter | X (Twitter) | twitter,twttr | {alnum:50} {alnum:45} {alnum:25} {digit:8-20}-{alnum:40} {alnum:35-44}
tyntec | tyntec | | {alnum:32}
typetalk | Typetalk | | {alnum:64} {alnum:32}
user_com | User.com | user.com,usercom | {alnum:64}
verimail | Verimail | | {upnum:32}
veriphone | Veriphone | | {upnum:32} {word:32}
viber | Viber | viber | {hex:16}-{hex:16}-{hex:16}
vk_com | VK | vkontakte,vk_app,vk_service,vk_api | {hex:85} {alnum:20}
voiceflow | Voiceflow | | VF.{alnum:3}.{alnum:24}.{alnum:16} VF.DM.{alnum:24}.{alnum:14-18} VF.WS.{alnum:24}.{alnum:16}
vonage | Vonage (Nexmo) | nexmo,vonage | {alnum:16} {hex:8}
voodoosms | Voodoo SMS | voodoosms,voodoo sms | {alnum:46}
webex | Webex | webex,cisco spark,ciscospark | {alnum:64}_{alnum:4}_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:64} C{hex:64}
wechat | WeChat | wechat,weixin,wxpay | {hex:32} wx{hex:16}
wecom | WeCom | wecom,corpsecret | {word:43}
whatsapp | WhatsApp | whatsapp,waba | EAA{alnum:80-300}
yahoo | Yahoo | yahoo,ydn_ | {hex:40} dj0y{word:90-110}
zeptomail | ZeptoMail | zeptomail,zoho-enczapikey | {b64p:100-180}
zerobounce | ZeroBounce | | {hex:32} {lownum:32}
zoom | Zoom | zoom_,zoom api,zoom client,zoomus,zoom jwt | {alnum:36} {word:22} {alnum:32}
zulip | Zulip | zulipchat,zulip | {alnum:32}
`;
