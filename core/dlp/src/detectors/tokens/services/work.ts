/** Customers, projects, documents, people, sites. Rows: see `parseServices`. */
export const workplace = String.raw`
abyssale | Abyssale | | {alnum:40}
acuity | Acuity Scheduling | acuity scheduling,acuityscheduling | {hex:32}
adobe | Adobe | adobe | {hex:32} {hex:12} {word:36-44} p8-{word:36}
aeroworkflow | Aero Workflow | | {alnum:20}
agile_crm | Agile CRM | agilecrm,agile crm | {lownum:26}
agility | Agility CMS | agilitycms | {alnum:64} defaultlive.{hex:64}
airbyte | Airbyte | airbyte | {dotted:200-1500}
airtable | Airtable | air table | key{alnum:14} {alnum:17} pat{alnum:14}.{hex:64} {alnum:14}.{hex:64}
alconost | Alconost | | {alnum:32}
alegra | Alegra | | {lownum:20}
appointedd | Appointedd | | {b64p:88}
appsynergy | AppSynergy | | {lownum:64}
apptivo | Apptivo | | {word:32} {alnum:36}
atera | Atera | | {lownum:32} {hex:32}
avaza | Avaza | | {digit:6-12}-{hex:40} {word:46}
avocode | Avocode | avocode | {hex:64}
axonaut | Axonaut | | {hex:32} {lownum:32}
ayrshare | Ayrshare | | {upnum:7}-{upnum:7}-{upnum:7}-{upnum:7} {upnum:8}-{upnum:8}-{upnum:8}-{upnum:8}
bamboohr | BambooHR | bamboohr,bamboo hr | {hex:40}
bardeen | Bardeen | bardeen | {alnum:32}
basecamp | Basecamp | basecamp | {hex:40} BAhb{b64p:100-300}
beebole | BeeBole | | {hex:40} {lownum:40}
besnappy | BeSnappy | besnappy | {hex:64}
bizzabo | Bizzabo | bizzabo | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
boldsign | BoldSign | boldsign | {b64p:48}
boostnote | Boost Note | boostnote | {hex:64}
box | Box | ! | {alnum:32}
budibase | Budibase | | {hex:32}-{hex:78-80} {dotted:100-200}
builder_io | Builder.io | builder.io,builderio | bpk-{hex:32} {hex:32}
buttercms | ButterCMS | buttercms | {hex:40}
buymeacoffee | Buy Me a Coffee | buymeacoffee | {dotted:600-1200}
caflou | Caflou | | {dotted:155}
cal_com | Cal.com | cal.com,calcom | cal_live_{hex:32} cal_{hex:32}
calendly | Calendly | calendly | {dotted:200-500} {lownum:32} {upnum:32}
canva | Canva | canva | cnvca{word:50} {word:32}
capsule | Capsule CRM | capsulecrm,capsule crm | {word:64} {b64p:64}
centralstation | CentralStationCRM | centralstationcrm,centralstation | {lownum:30}
checkvist | Checkvist | | {alnum:14} {word:32}
clickhelp | ClickHelp | | {alnum:24}
clickup | ClickUp | click up | pk_{digit:6-9}_{upnum:32} {alnum:32} {upnum:64}
clientary | Clientary | clientary,ronin | {alnum:20} {alnum:25-26}
clinchpad | ClinchPad | | {hex:32} {lownum:32}
clockify | Clockify | | {alnum:48} {b64p:16} {word:48}
close | Close CRM | ! close,closecrm,closeio | api_{dotted:45} {alnum:22}.{alnum:22}
cloverly | Cloverly | | {word:28} {alpha:17}:{alnum:30}
cloze | Cloze | | {hex:32}
clustdoc | Clustdoc | | {alnum:60}
coda | Coda | coda_,coda api,coda io,coda.io,codaio,coda | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:36}
contentful | Contentful | | {word:43} CFPAT-{word:43}
contentstack | Contentstack | contentstack | cs{hex:32} bltc{hex:16} blt{hex:16}
copper | Copper | ! copper,prosperworks | {hex:32} {lownum:32}
cosmic | Cosmic | cosmicjs,cosmic_ | {alnum:50}
crisp | Crisp | crisp_,crisp.chat | {hex:64}
dandelion | Dandelion | dandelion | {hex:32} {lownum:32}
dareboost | Dareboost | | {alnum:60}
datocms | DatoCMS | datocms | {hex:30}
dbt | dbt Cloud | dbt_cloud,dbt cloud,dbt_token | dbtc_{word:40-60} dbtu_{word:40-60} {hex:40}
deel | Deel | deel_,letsdeel | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:64}
deputy | Deputy | ! deputy | {hex:32} {lownum:32}
devto | DEV Community | dev.to,devto | {alnum:24}
directus | Directus | directus | {word:32} {word:64}
ditto | Ditto | ! ditto | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}.{hex:40} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}.{lownum:40}
docparser | Docparser | | {hex:40} {lownum:40}
documo | Documo | | {dotted:100-500}
docusign | DocuSign | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
doodle | Doodle | doodle_ | {alnum:32-60}
dovetail | Dovetail | dovetail | api.{dotted:20-90}
dovico | Dovico | | {hex:32}.{digit:1-7} {hex:32}
dronahq | DronaHQ | dronahq | {lownum:50}
dropbox | Dropbox | dropbox | {lownum:15} {word:64} {alnum:11}AAAAAAAAAA{word:43}
duply | Duply | | {hex:40} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
dynalist | Dynalist | | {word:128}
dyspatch | Dyspatch | | {upnum:52}
easyinsight | Easy Insight | easyinsight,easy insight | {alnum:20}
ecostruxure | EcoStruxure IT | ecostruxureit,ecostruxure | AK1{alnum:97} AK1{b64p:50-99}
envoy | Envoy | envoyapikey,envoy_,envoy api | {lownum:64} {lownum:220}
eraser | Eraser | ! eraser | {alnum:20}
eventbrite | Eventbrite | | {upnum:20}
everhour | Everhour | | {hex:4}-{hex:4}-{hex:6}-{hex:6}-{hex:8} {alnum:32}
evernote | Evernote | evernote | S=s{digit:1-4}:U={hex:2-8}:E={hex:10-12}:C={hex:10-12}:P={hex:1-4}:A={word:2-40}:V={digit:1}:H={hex:32}
eversign | eversign | eversign,xodosign | {hex:32}
factorial | Factorial | factorialhr | {hex:64}
feedly | Feedly | feedly | {dotted:80-400}
fibery | Fibery | | {hex:8}.{hex:35}
figma | Figma | | {digit:6}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {word:40} figd_{word:40}
fileio | File.io | fileio,file.io | {upnum:7}.{upnum:7}-{upnum:7}-{upnum:7}-{upnum:7} {upnum:39}
filestack | Filestack | filestack | A{alnum:20}z
fivetran | Fivetran | fivetran | {alnum:16} {alnum:32}
flatio | Flat.io | flatio,flat.io | {lownum:128} {hex:128}
float | Float | ! | {lownum:16}{word:43}=
flowflu | Flowlu | flowflu,flowlu | {word:51} {alnum:51}
frameio | Frame.io | frameio,frame.io | fio-u-{word:64} {word:36}
framer | Framer | framer_api | {alnum:40-80}
freemius | Freemius | freemius | sk_{dotted:29} {word:32}
freshdesk | Freshdesk | freshdesk,freshworks,freshservice | {alnum:20} {word:22}
front | Front | ! front,frontapp | {dotted:100-600} {word:36}.{dotted:100-300}
gengo | Gengo | | {alnum:64} {dotted:64}
getaccept | GetAccept | getaccept
getsandbox | Sandbox | getsandbox | {lownum:40} {hex:32}
ghost | Ghost | ghost admin,ghost_admin,ghost_content | {hex:24}:{hex:64} {hex:26}
gitbook | GitBook | gitbook | gb_api_{alnum:40}
gladly | Gladly | gladly | {word:40-60}
gocanvas | GoCanvas | | {b64p:44} {b64p:64}
goodday | GoodDay | goodday | {hex:32} {lownum:32}
gorgias | Gorgias | gorgias | {hex:64}
graphcms | Hygraph (GraphCMS) | graphcms,hygraph | {dotted:400-1200} {lownum:25}
greenhouse | Greenhouse | greenhouse | {hex:32}-{digit:1} {alnum:50}
groove | Groove | groovehq,groove hq | {hex:64}
guru | Guru | getguru,guru_,guru api,guru | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
happyscribe | Happy Scribe | happyscribe,happy scribe | {alnum:24}
harvest | Harvest | ! harvest,harvestapp | {digit:6-7}.pt.{word:86} {word:97}
hashnode | Hashnode | hashnode | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
helpscout | Help Scout | helpscout,help scout | {alnum:56} {alnum:40} {alnum:32}
hibob | HiBob | hibob | {alnum:20-60}
hive | Hive | ! hive,hive.com | {alnum:32} {alnum:17}
hiveage | Hiveage | | {word:20}
holistic | Holistic Dev | ! holistic | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
hopin | Hopin | hopin | {word:40-60}
hubstaff | Hubstaff | hubstaff | {dotted:300-900}
humanity | Humanity | ! humanity | {hex:40} {lownum:40}
impala | Impala | ! impala | {word:46} {dotted:46}
inoreader | Inoreader | inoreader | {word:32}
insightly | Insightly | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
instapaper | Instapaper | instapaper | {alnum:32}
intercom | Intercom | | {b64p:59-60} {word:40} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {b64:59}=
intra42 | 42 intra | intra 42,intra42,42_client | s-s4t2ud-{hex:64} s-s4t2af-{hex:64}
invision | InVision | invisionapp | {hex:40}
juro | Juro | | {word:40} {lownum:40}
kagi | Kagi | kagi_ | {word:11}.{word:43}
kanban | Kanbanize | kanbanize,kanban tool,kanbantool,kanban | {alnum:12} {upnum:12} {alnum:40}
karmacrm | karmaCRM | karmacrm,karma crm | {word:20}
kayako | Kayako | kayako | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
kofi | Ko-fi | kofi_,ko-fi | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
kontent | Kontent.ai | kontent | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {lownum:36} ew0KICA{dotted:100-500}
kustomer | Kustomer | kustomer | {dotted:200-500}
kylas | Kylas | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:{digit:1-6} {word:36} {word:36}:{digit:1-5}
less_annoying | Less Annoying CRM | lessannoyingcrm,less annoying | {alnum:57} {word:57} {digit:1-6}-{word:30-60}
lever | Lever | lever_api,lever.co | {b64p:40-50}
linear | Linear | ! linear | {hex:32} lin_api_{alnum:40}
lingohub | LingoHub | lingohub | {hex:64}
liveagent | LiveAgent | | {hex:32} {alnum:32}
livechat | LiveChat | livechat_,livechatinc | dal:{word:30-60} {word:32}
livestorm | Livestorm | | {dotted:200} {dotted:100-300}
loadmill | Loadmill | | {hex:40} {alnum:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
localazy | Localazy | localazy | a{digit:18-20}-{hex:64} {word:40-90}
loginradius | LoginRadius | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
lokalise | Lokalise | lokalise | {hex:40} {lownum:40}
lucid | Lucid | lucidchart,lucid_ | key-{hex:32}
luma_events | Luma Events | lu.ma,luma_key | secret-{alnum:20-40}
madkudu | MadKudu | | {hex:32}
magicbell | MagicBell | | {word:40} {hex:40}
make_com | Make | integromat,make.com | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
manifest | Manifest | ! manifest | {hex:40}
mavenlink | Mavenlink | | {hex:64}
medium | Medium | ! medium | {hex:65}
meetup | Meetup | meetup | {lownum:26} {hex:32}
meistertask | MeisterTask | | {word:43}
memsource | Memsource | memsource | {alnum:60-90}
mindmeister | MindMeister | | {word:43}
miro | Miro | miro | {word:27}
mite | mite | mite yo,mite_,mite.yo | {hex:16}
monday | monday.com | monday.com,monday_,mondaycom,monday api,monday | {dotted:200-400} {dotted:120-250} {hex:32}
mrticktock | MrTickTock | mrticktock | {alnum:20-40}
myintervals | Intervals | myintervals | {lownum:11}
n8n | n8n | n8n | n8n_api_{hex:80} eyJ{word:20-60}.eyJ{word:40-300}.{word:43}
nimble | Nimble | ! | {alnum:30}
notion | Notion | ! notion | secret_{alnum:43} {alnum:43} ntn_{alnum:46}
nozbe | Nozbe Teams | nozbeteams,nozbe | {alnum:16}_{word:65} {word:80-83}
nutshell | Nutshell | nutshell | {hex:40}
olark | Olark | olark | {digit:4}-{digit:3}-{digit:2}-{digit:4}
onedesk | OneDesk | | {dotted:40-300}
onepagecrm | OnePageCRM | onepagecrm,onepage crm | {b64p:44} {hex:24}
opencollective | Open Collective | opencollective,open collective | {hex:40}
pandadoc | PandaDoc | | {hex:40}
pastebin | Pastebin | | {word:32}
patreon | Patreon | patreon | {word:43} {word:64}
personio | Personio | personio | papi-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
phrase | Phrase | phrase app,phrase_ | {hex:64}
pipedream | Pipedream | | {hex:32}
pipedrive | Pipedrive | | {hex:40}
pivotal | Pivotal Tracker | pivotaltracker,pivotal tracker,pivotal | {hex:32}
planview | Planview LeanKit | planviewleankit,leankit,planview | {hex:128}
planyo | Planyo | | {lownum:62} {alnum:62}
pocket | Pocket | getpocket,pocket_consumer | {digit:5-6}-{hex:24}
podio | Podio | | {alnum:64} {word:64}
poeditor | POEditor | poeditor | {hex:32}
pollsapi | Polls API | pollsapi | {upnum:28}
powrbot | Powrbot | | {hex:40} {lownum:40}
prismic | Prismic | prismic | MC5{dotted:60-160}
prodpad | ProdPad | | {hex:64}
productive | Productive | productive.io,productive_ | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
qase | Qase | | {hex:40} {hex:64}
raindrop | Raindrop | raindrop | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
raven | RavenTools | raventools,raven | {upnum:16}
readme | ReadMe | readme io,readme_io,readme api,readme_api | {alnum:32}
readwise | Readwise | readwise | {alnum:50}
really_simple | Really Simple Systems | reallysimplesystems | ey{dotted:150-300}
recruitee | Recruitee | recruitee | {b64p:24-40}
rentman | Rentman | | {dotted:400-800} {dotted:100-800}
repairshopr | RepairShopr | | T{hex:34}-{hex:32} {word:51}
resourceguru | Resource Guru | resourceguru,resource guru | {hex:64}
restpack | Restpack | restpack | {alnum:48} {hex:48}
retool | Retool | retool | retool_{lownum:26}
rippling | Rippling | rippling | {alnum:40-80}
ritekit | RiteKit | | {hex:44}
roam | Roam Research | roam_ | roam-graph-token-{word:40-60}
rownd | Rownd | | {hex:48} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
sanity | Sanity | sanity_,sanity token,sanity api,sanity.io | sk{alnum:178} sk{alnum:78}
savvycal | SavvyCal | savvycal | pt_secret_{alnum:30-60}
sheety | Sheety | sheety | {hex:32} {word:10-60}
sherpadesk | SherpaDesk | | {lownum:32}
shortcut | Shortcut | ! shortcut,clubhouse | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
signable | Signable | | {hex:32}
signaturit | Signaturit | | {word:86}
signnow | SignNow | signnow | {hex:64}
signupgenius | SignUpGenius | | {word:32} {b64p:32}
signwell | SignWell | signwell | {hex:32} {b64p:80-90}
simplybook | SimplyBook | simplybook | {hex:64}
simplynoted | Simply Noted | simplynoted | {dotted:340} {word:340}
simvoly | Simvoly | | {alnum:33}
siteleaf | Siteleaf | | {hex:32}
slab | Slab | slab_api | {hex:32}
smartling | Smartling | smartling | {alnum:30-60}
smartrecruiters | SmartRecruiters | smartrecruiters | DCRA1-{hex:32} {hex:32}
smartsheet | Smartsheet | smartsheets,smartsheet | {alnum:37} {lownum:26}
stoplight | Stoplight | stoplight | {alnum:40}
stormboard | Stormboard | | {alnum:40}
storyblok | Storyblok | | {alnum:22}tt {alnum:22}tt-{digit:5-7}-{word:20}
storychief | StoryChief | | {dotted:900-1000} {dotted:600-1200}
strapi | Strapi | strapi | {hex:256}
streak | Streak | ! streak | {hex:32}
streamtime | Streamtime | streamtime | {alnum:60}
stripo | Stripo | | ey{dotted:150-400}
stytch | Stytch | | secret-{lower:4}-{word:35}=
supernotes | Supernotes | supernotesapi,supernotes | {word:43}
swagger | SwaggerHub | swaggerhub | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
swiftype | Swiftype | | {word:20} search-{lownum:24} private-{lownum:24}
tallyfy | Tallyfy | | {alnum:36}.{alnum:264}.{word:683} {dotted:700-1200}
tawk | tawk.to | tawk.to,tawk_ | {hex:40}
teamgate | Teamgate | | {alnum:40} {alnum:80}
teamwork | Teamwork | teamworkcrm,teamworkdesk,teamworkspaces,teamwork | tkn.v1_{word:71}= tkn.v1_{b64p:70-80} twp_{alnum:20-40}
tefter | Tefter | | {alnum:20}
thingsboard | ThingsBoard | thingsboard,provisiondevice | {lownum:20} {alnum:20}
threema | Threema | threema | {alnum:16}
timecamp | TimeCamp | | {hex:26} {lownum:26}
tmetric | TMetric | | {upnum:64} {HEX:64}
todoist | Todoist | | {hex:40}
toggl | Toggl Track | toggltrack,toggl | {hex:32}
tokeet | Tokeet | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:8}
transifex | Transifex | transifex | 1/{hex:40}
tray | Tray.io | tray.io | {hex:64}
trello | Trello | | {hex:32} {hex:64} {alnum:32} ATTA{alnum:72}
tru | tru.ID | tru.id,truid | {word:26} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
unifyid | UnifyID | | {alnum:44} {word:44}
uploadcare | Uploadcare | | {lownum:20} {hex:20}
upwave | Upwave | | {lownum:32} {hex:40}
userlike | Userlike | userlike | {hex:64}
viewneo | viewneo | | {dotted:400-700} {word:120-300}.{word:150-300}.{word:300-700}
vyte | Vyte | vyte | {lownum:50}
websitepulse | WebsitePulse | | {hex:32}
weglot | Weglot | weglot | wg_{hex:33}
wistia | Wistia | | {hex:64}
wordpress | WordPress | wordpress,wpcom,akismet | {hex:12} {alnum:64}
workable | Workable | workable | {hex:64} {word:43}
workato | Workato | workato | wrkaus-{dotted:200-900} {hex:64}
worksnaps | Worksnaps | | {alnum:40}
workstack | Workstack | | {word:60} {alnum:60}
wrike | Wrike | | ey{dotted:333} {dotted:300-400}
yousign | Yousign | | {hex:32} {alnum:32}
zapier | Zapier | zapier | {alnum:32} {hex:32}
zendesk | Zendesk | zendesk | {alnum:40}
zenkit | Zenkit | zenkitapi,zenkit | {lownum:8}-{word:32} {alnum:8}-{alnum:32}
zeplin | Zeplin | | {dotted:350-400} {dotted:200-400}
zoho | Zoho | zohocrm,zoho | 1000.{hex:32}.{hex:32} 1000.{upnum:30} {hex:42} {hex:32}
`;
