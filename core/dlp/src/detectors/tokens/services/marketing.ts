/** Marketing, sales, surveys, analytics, feature flags. Rows: see `parseServices`. */
export const marketing = String.raw`
adapty | Adapty | adapty | secret_live_{alnum:20-40}.{alnum:20-40} public_live_{alnum:8}.{alnum:20}
adjust | Adjust | ! adjust | {word:20}
aha | Aha! | ! aha | {hex:64}
alchemer | Alchemer | alchemer,surveygizmo | {hex:32} {hex:58}
apollo_io | Apollo.io | apollo.io,apollo_io | {word:22}
appcues | Appcues | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {digit:5}
appfollow | AppFollow | | {dotted:100-300} {word:24}
applovin | AppLovin | applovin | {word:86}
appsflyer | AppsFlyer | apps flyer | {alnum:22} {dotted:200-1000}
autoklose | Autoklose | | {word:32}
autopilot | Autopilot | autopilot | {hex:32}
beamer | Beamer | beamer | b_{b64p:44} b_{word:44}
bing_ads | Microsoft Advertising | bingads,bing_ads | {upnum:16}
branch | Branch | branch.io,branchio | key_live_{alnum:32} key_test_{alnum:32} secret_live_{alnum:32}
bugherd | BugHerd | | {lownum:22}
canny | Canny | cannyio,canny | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
captaindata | Captain Data | | {hex:64} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
chartbeat | Chartbeat | chartbeat | {hex:32}
clay | Clay | clay_api | {hex:20}
cliengo | Cliengo | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
configcat | ConfigCat | configcat | {word:22}/{word:22}
convier | Convier | | {digit:2}|{alnum:40}
criteo | Criteo | criteo | {hex:32}
customerguru | Customer.guru | customerguru,customer.guru | {hex:50} {lownum:50} {lownum:30}
databox | Databox | | {alnum:21} {lownum:32}
delighted | Delighted | delighted | {alnum:32}
devcycle | DevCycle | devcycle | dvc_server_{alnum:10-40}_{alnum:10-40}
fathom | Fathom | fathom_,usefathom | {word:40-60}
featurebase | Featurebase | featurebase | {alnum:32-90}
feedier | Feedier | | {lownum:32}
fillout | Fillout | fillout | sk_prod_{word:80-120}
flagsmith | Flagsmith | flagsmith | ser.{alnum:22} {hex:40}
formbucket | FormBucket | | {word:6-40}.{dotted:20-250}
formcraft | FormCraft | | {lownum:32}
formio | Form.io | formio,form.io | {alnum:30} {dotted:100-600}
formsite | Formsite | | {alnum:32}
fullstory | FullStory | | {b64p:88-120} na1.{b64p:60-110}
getgist | Gist CRM | getgist | {word:67}= {b64p:68}
gong | Gong | gong_access,gong api | {upnum:32} {dotted:100-300}
google_ads | Google Ads | googleads,google_ads,adwords | {word:22}
growthbook | GrowthBook | growthbook | secret_{b64p:40-60} sdk-{alnum:16}
heap | Heap | heap_api,heap analytics | {hex:32}
helpcrunch | HelpCrunch | | {b64p:328} {dotted:100-400}
hightouch | Hightouch | hightouch | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
hotjar | Hotjar | hotjar | {hex:40}
hubspot | HubSpot | hubspot,hapikey,hub spot | {xhex:8}-{xhex:4}-{xhex:4}-{xhex:4}-{xhex:12} pat-{lownum:3}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
instantly | Instantly | instantly_ | {b64p:60-90}
interseller | Interseller | | {hex:40} {lownum:40}
ironsource | ironSource | ironsource | {hex:32}
jotform | JotForm | | {hex:32} {lownum:32}
keen | Keen.io | keenio,keen.io,keen_ | {hex:24} {HEX:64} {hex:192}
klipfolio | Klipfolio | | {hex:40}
kochava | Kochava | kochava | {HEX:8}-{HEX:4}-{HEX:4}-{HEX:4}-{HEX:12}
leadfeeder | Leadfeeder | | {word:43}
lusha | Lusha | lusha | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
matomo | Matomo | matomo,piwik,token_auth | {hex:32}
metrilo | Metrilo | | {hex:16}
mixpanel | Mixpanel | | {hex:32} {lownum:32} {alnum:20}.{alnum:6}.mp-service-account
mparticle | mParticle | mparticle | {word:64} {hex:32}
nicereply | Nicereply | | {hex:40}
noticeable | Noticeable | noticeable | {alnum:20}
onesky | OneSky | onesky | {alnum:32}
outreach | Outreach | outreach.io,outreachio | {word:43}
overloop | Overloop | | {word:50}
paperform | Paperform | | {dotted:600-1000} {dotted:400-1300}
plausible | Plausible | plausible | {word:64}
posthog | PostHog | | phc_{alnum:43} phx_{alnum:43}
productboard | Productboard | productboard | {dotted:150-400}
prospect | Prospect CRM | prospectcrm,prospect crm,prospect365 | {hex:32} {lownum:32}
qonversion | Qonversion | qonversion | {alnum:32}
qualaroo | Qualaroo | | {b64p:64} {b64:63}=
qualtrics | Qualtrics | qualtrics | {alnum:40}
refiner | Refiner | ! refiner | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
reply | Reply.io | replyio,reply.io | {word:24}
revamp | Revamp CRM | revampcrm | {alnum:40} {hex:32}
revenuecat | RevenueCat | revenuecat,revenue cat | sk_{alnum:28} appl_{alnum:27} goog_{alnum:27}
rocketreach | RocketReach | | {hex:32}k{hex:7} {hex:7}k{hex:32}
rudderstack | RudderStack | rudderstack,rudder | {alnum:27}
salesblink | SalesBlink | | {alnum:16} key-{hex:64} {hex:64}
salescookie | SalesCookie | | {alnum:32}
salesflare | Salesflare | | {word:45}
salesforce | Salesforce | salesforce,sfdc | 00D{alnum:12}!{dotted:80-120} {HEX:64} {alnum:24} {digit:18-19}
salesloft | Salesloft | salesloft | v2_ak_{word:40-60} {hex:64}
salesmate | Salesmate | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
satismeter | SatisMeter | | {lownum:32} {alnum:24} {word:16}
segment | Segment | ! segment | {word:43}.{word:43} {alnum:32} sgp_{alnum:64} {word:48}
simplesat | Simplesat | | {hex:40} {lownum:40}
singular | Singular | singular_ | {hex:32}
skrapp | Skrapp | skrappio,skrapp | {alnum:42}
smartlead | Smartlead | smartlead | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}_{lownum:7}
snovio | Snov.io | snovio,snov.io | {hex:32}
split | Split | splitio,split.io | {lownum:51}
statsig | Statsig | statsig | secret-{alnum:43} console-{alnum:43}
stitch_data | Stitch | stitchdata,stitch data | {alnum:35} {hex:64}
survey_anyplace | Pointerpro (Survey Anyplace) | surveyanyplace,survey anyplace | {alnum:32} {hex:40}
surveybot | Surveybot | | {upnum:80} {word:80}
surveymonkey | SurveyMonkey | survey monkey | {dotted:80-110}
surveysparrow | SurveySparrow | | {word:88} {alnum:88}
survicate | Survicate | | {lownum:32}
taboola | Taboola | taboola,outbrain | {hex:32} {b64p:100-300}
tally | Tally | tally.so,tally_api | tly-{alnum:32}
tealium | Tealium | tealium | {alnum:30}
typeform | Typeform | type form | tfp_{word:59} {word:44} {alnum:44}
unity | Unity | unity_api,unityads | {hex:64} {word:32}
unleash | Unleash | unleash | {word:1-30}:{word:1-30}.{hex:56-64} *:*.{hex:56-64}
uplead | UpLead | | {lownum:32} {word:32}
userflow | Userflow | | {word:28} ak_live_{word:28} {word:43}
vbout | VBOUT | | {digit:25} {lownum:25}
vwo | VWO | vwo_ | {hex:64}
webflow | Webflow | | {hex:64}
zonka | Zonka Feedback | zonkafeedback,zonka | {alnum:36}
zoominfo | ZoomInfo | zoominfo | {hex:32}
`;
