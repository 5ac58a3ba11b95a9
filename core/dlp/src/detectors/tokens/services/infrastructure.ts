/** Hosting, networks, monitoring, builds, data stores. Rows: see `parseServices`. */
export const infrastructure = String.raw`
airbrake | Airbrake | | {lownum:40} {hex:32}
aiven | Aiven | | {b64p:372} {alnum:30-400}
akamai | Akamai EdgeGrid | akamai,edgegrid | {b64:43}=
alibaba_cloud | Alibaba Cloud | alibaba,aliyun,alicloud | {alnum:30}
anypoint | MuleSoft Anypoint | anypoint,mulesoft | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {xhex:32}
api2cart | API2Cart | api2cart | {hex:32}
apideck | Apideck | | sk_live_{word:93}
apidog | Apidog | apidog
apimatic | APIMatic | | {word:64}
apimetrics | APImetrics | apimetrics,api metrics | {alnum:32}
apollo_graphql | Apollo GraphOS | apollo_key,apollographql,apollo graph,apollo | {word:22} service:{word:2-60}:{word:22} user:{word:2-60}:{word:22}
appcenter | App Center | appcenter,app center | {hex:40}
appdynamics | AppDynamics | | {lownum:12} {alnum:36}
applitools | Applitools | applitools | {alnum:46}110
appoptics | AppOptics | | {word:71}
appsignal | AppSignal | appsignal | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
appveyor | AppVeyor | | v2.{lownum:20} {lownum:20}
appwrite | Appwrite | appwrite | {hex:256} standard_{hex:256} {hex:128}
arangodb | ArangoDB | arangodb | {hex:64}
argocd | Argo CD | argocd,argo cd
argos | Argos | argos_token,argos-ci | {hex:40}
artifactory | JFrog Artifactory | artifactory,jfrog | {alnum:73} AKCp{alnum:69}
asana | Asana | | 0/{hex:32} 1/{digit:10-18}:{hex:32} {hex:32} {digit:16}
astra | DataStax Astra | astradb,astra_db,datastax | AstraCS:{alnum:24}:{hex:64}
atlassian | Atlassian | atlassian,confluence | {alnum:24}
autodesk | Autodesk | autodesk,adsk | {alnum:32} {alnum:16}
aws | Amazon Web Services | aws,amazon | {b64:40}
azure | Microsoft Azure | azure,entra,aad | {b64:86}== {b64:43}= {word:34} {dotted:40}
azure_devops | Azure DevOps | azure devops,azuredevops,ado_,visualstudio.com,vsts,dev.azure.com | {lownum:52}
azure_search | Azure AI Search | azure search,search.windows.net,azuresearch | {alnum:52} {HEX:32}
back4app | Back4App (Parse) | back4app,parse_rest,parse_master | {alnum:40}
backblaze | Backblaze B2 | backblaze,b2 application,b2_ | K00{digit:1}{b64:27} {hex:25} {hex:12}
backendless | Backendless | backendless | {HEX:8}-{HEX:4}-{HEX:4}-{HEX:4}-{HEX:12}
balena | balena | balena | {alnum:32}
better_stack | Better Stack | betterstack,better stack,logtail,betteruptime,better uptime | {alnum:24}
bitbar | BitBar | | {alnum:32}
bitbucket | Bitbucket | | {word:64} {word:32} {word:44}
bitrise | Bitrise | bitrise | {word:86} {word:22}
blazemeter | BlazeMeter | blazemeter,runscope | {hex:24} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:60-90}
borgbase | BorgBase | | {dotted:148-152}
browserstack | BrowserStack | browser stack | {alnum:20}
buddy | Buddy | buddy works,app.buddy
buddyns | BuddyNS | | {alnum:15}
bugsnag | Bugsnag | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:32}
buildkite | Buildkite | | {lownum:40}
bunny | bunny.net | bunnycdn,bunny net,bunny.net | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:8}-{hex:4}-{hex:4}-{hex:12}-{hex:4}-{hex:4}
cachefly | CacheFly | cachefly | {dotted:200-500}
cachix | Cachix | cachix | eyJ{word:20-60}.eyJ{word:40-300}.{word:43}
caspio | Caspio | | {word:50} {word:32-50}
checkly | Checkly | checklyhq,checkly | cu_{hex:32} {hex:32}
chirpstack | ChirpStack | chirpstack | eyJ{word:20-60}.eyJ{word:40-300}.{word:43}
circleci | CircleCI | circleci,circle ci,circle token | {hex:40}
civo | Civo | civo | {alnum:50}
clickhouse | ClickHouse | clickhouse | 4b1d{alnum:38} {alnum:20}
cloudant | IBM Cloudant | cloudant | {alnum:64} {lower:24}
cloudconvert | CloudConvert | | {dotted:400-1200}
cloudelements | Cloud Elements | cloudelements,cloud elements | {b64p:43-44} {hex:32}
cloudflare | Cloudflare | cloudflare,cf_api | {word:40} {hex:37} {xhex:32}
cloudimage | Cloudimage | | {word:30}
cloudinary | Cloudinary | | {word:27} {digit:15}
cloudmersive | Cloudmersive | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
cloudns | ClouDNS | cloudns | {alnum:16-40}
cloudplan | cloudplan | | {word:32}
cloudsight | CloudSight | | {word:22}
cloudsmith | Cloudsmith | | {hex:40}
cloudways | Cloudways | | {alnum:30}
cockroach | CockroachDB | cockroach | CCDB1_{alnum:22}_{alnum:40} {word:22}
codecov | Codecov | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {lownum:32}
codefresh | Codefresh | codefresh | {hex:24}.{hex:32}
codemagic | Codemagic | | {word:43}
codequiry | Codequiry | | {hex:64}
codeship | CloudBees CodeShip | codeship | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
confluent | Confluent | | {upnum:16} {b64:64}
connectwise | ConnectWise | connectwise | {alnum:16}
constellix | Constellix | constellix,dnsmadeeasy,dns made easy | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
consul | HashiCorp Consul | consul | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
contabo | Contabo | contabo | {alnum:32}
convex | Convex | convex_deploy,convex key | prod:{word:3-40}|{b64p:50-200}
coralogix | Coralogix | coralogix | cxtp_{alnum:30} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
couchbase | Couchbase | | {b64p:20-64}
coveralls | Coveralls | coveralls | {alnum:33} {alnum:37}
crates_io | crates.io | crates.io,cargo_registry | cio{alnum:32} {alnum:32}
crowdin | Crowdin | | {hex:80}
cypress | Cypress Cloud | cypress_record,cypress record,cypress | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
databricks | Databricks | | dapi{hex:32} {hex:32}
datadog | Datadog | datadog,dd_api,dd_app,dogapi | {hex:32} {hex:40} {lownum:32} {lownum:40}
deno_deploy | Deno Deploy | deno deploy,deno_ | ddp_{alnum:36} ddo_{alnum:36} ddw_{alnum:36}
desec | deSEC | desec | {word:28}
digitalocean | DigitalOcean | digitalocean,digital ocean,do_token,do_pat,do_spaces,spaces_ | {hex:64} DO00{upnum:16} {b64:43} DO{upnum:18}
dnscheck | DNSCheck | | {hex:32}
dnsimple | DNSimple | dnsimple | dnsimple_a_{alnum:32} dnsimple_u_{alnum:32} {alnum:32}
dnspod | DNSPod | dnspod | {hex:32}
docker | Docker | docker,dockerhub,docker hub | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
drone | Drone CI | droneci,drone ci,drone_ | {alnum:32}
duckdns | Duck DNS | duckdns,duck dns | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
dyn | Dyn | dyndns,dynect
dynadot | Dynadot | dynadot | {alnum:40-50}
dynatrace | Dynatrace | | dt0{lower:1}{digit:2}.{upnum:8-24}.{upnum:64}
eagle_eye | Eagle Eye Networks | eagleeyenetworks,eagle eye | {alnum:15}
edgio | Edgio | edgio,limelight | {hex:64}
elastic | Elastic | elastic,elasticsearch | {b64p:60} {word:20}:{word:22} {word:24}
env0 | env0 | env0 | {word:32}
exoscale | Exoscale | exoscale | EXO{xhex:24-26} {word:43}
expo | Expo | expo_token,expo access | {word:40}
exportsdk | Export SDK | exportsdk | {hex:5}_{hex:40}
fastly | Fastly | | {word:32}
fauna | Fauna | fauna | fn{word:38}
firebase | Firebase | firebase,fcm | {word:39} AAAA{word:7}:APA91b{word:134} {alnum:40} 1//{word:40-100}
firehydrant | FireHydrant | firehydrant | fhb-{hex:32}
flipper | CloudBees Feature Management | rollout io,rollout.io | {hex:24}
flyio | Fly.io | fly.io,fly io,flyio,fly api | FlyV1 {word:43}
fulcrum | Fulcrum | ! | {hex:80}
gandi | Gandi | gandi | {alnum:24} {hex:40}
gcore | Gcore | gcore | {digit:1-6}{hex:64}
gitea | Gitea | gitea,forgejo,codeberg | {hex:40}
github | GitHub | github,gh_token,gh token,gh pat,ghe_ | {hex:40} Iv1.{hex:16} Iv23{alnum:16} {hex:20}
gitlab | GitLab | gitlab | {word:20} {hex:64}
gitter | Gitter | | {word:40}
godaddy | GoDaddy | | {word:37} {word:35} {word:22}
gradle | Gradle | | {alnum:32} {alnum:52}
gradle_develocity | Develocity | develocity,gradle_enterprise,gradle enterprise | {lownum:52}
grafana | Grafana | | eyJ{b64p:70-400} glc_{b64p:30-400} glsa_{alnum:32}_{hex:8}
graylog | Graylog | graylog | {lownum:52}
gtmetrix | GTmetrix | | {hex:32}
halopsa | HaloPSA | halopsa | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
harness | Harness | ! | {dotted:60-90}
hasura | Hasura | hasura | {alnum:64} {hex:64}
heroku | Heroku | | {xhex:8}-{xhex:4}-{xhex:4}-{xhex:4}-{xhex:12}
hetzner | Hetzner | hetzner,hcloud | {alnum:64} {alnum:32}
home_assistant | Home Assistant | home assistant,hass_token | eyJ{word:20-60}.eyJ{word:40-300}.{word:43}
honeybadger | Honeybadger | honey badger | hbp_{alnum:36} {hex:8} {lownum:40}
honeycomb | Honeycomb | honeycomb,x-honeycomb-team | {alnum:22} {hex:32} {lownum:64}
hostinger | Hostinger | hostinger | {alnum:48}
humio | LogScale (Humio) | humio,logscale | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:24}~{dotted:60-90}
hurricane_electric | Hurricane Electric | he.net,dns.he | {alnum:16}
ibm_cloud | IBM Cloud | ibm,bluemix,watson,cloud_iam,cloud iam | {word:44}
incapsula | Imperva | imperva,incapsula | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
influxdb | InfluxDB | influxdb,influx | {word:86}==
infracost | Infracost | infracost | ico-{alnum:32}
instana | Instana | instana | {word:22} {alnum:16}
ionic | Ionic | ionic | ion_{alnum:42} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
ionos | IONOS | ionos | {hex:32}.{word:86}
ip2location | IP2Location | | {HEX:32} {upnum:10}
jenkins | Jenkins | jenkins | 11{hex:32} {hex:34} {hex:32}
jira | Atlassian Jira | | {alnum:24} {word:44}
keycdn | KeyCDN | keycdn | sk_prod_{b64p:44} {alnum:32}
kinsta | Kinsta | kinsta | {hex:64}
knapsack | Knapsack Pro | knapsackpro,knapsack | {hex:32}
koyeb | Koyeb | koyeb | {lownum:64}
kubernetes | Kubernetes | kubeadm,kubernetes | {lownum:6}.{lownum:16}
lambdatest | LambdaTest | lambdatest,lt_access | {alnum:50} LT_{alnum:48}
last9 | Last9 | last9 | {dotted:60-300}
launchdarkly | LaunchDarkly | launchdarkly,launch darkly,ld_sdk | {word:40} sdk-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
leaseweb | Leaseweb | leaseweb | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
librato | Librato | librato | {hex:64}
lightstep | Lightstep | lightstep | {word:40-90}
linode | Linode | linode | {hex:64}
logdna | Mezmo (LogDNA) | logdna,mezmo | {hex:32} sts_{hex:32}
logentries | Rapid7 Logentries | logentries,rapid7,insightops | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
loggly | Loggly | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
logrocket | LogRocket | logrocket | {word:6-20}:{word:3-30}:{alnum:20}
logzio | Logz.io | logzio,logz.io,logz io,logz | {alpha:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:32}
looker | Looker | looker | {lownum:20} {lownum:24}
losant | Losant | losant | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
meraki | Cisco Meraki | meraki | {hex:40}
metabase | Metabase | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} mb_{b64p:44}
microsoft | Microsoft | microsoft,msal,ms graph | {dotted:34-40}
minio | MinIO | minio | {b64:40} {alnum:20}
mongodb | MongoDB Atlas | mongodb,mongo,atlas | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {alnum:64}
namecheap | Namecheap | namecheap | {hex:32}
namecom | Name.com | namecom,name.com | {hex:40}
neon | Neon | neon_api,neon_key,neondb,neon.tech | napi_{lownum:64} {lownum:64}
netlify | Netlify | | {word:43} {word:40-46}
netsuite | NetSuite | netsuite | {hex:64}
newrelic | New Relic | newrelic,new relic,new-relic | NRAK-{upnum:27} {hex:40} {hex:47} {hex:32}
nextdns | NextDNS | nextdns | {hex:40}
nexus | Nexus Repository | nexus_ | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
ngc | NVIDIA NGC | ngc,nvidia | {alnum:84} {alnum:26}:{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
ngrok | ngrok | | 2{alnum:26}_{alnum:21}
ninjaone | NinjaOne | ninjaone,ninjarmm | {word:54}
nomad | HashiCorp Nomad | nomad_token,nomad token | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
northflank | Northflank | northflank | nf-{dotted:200-600}
npm | npm | npm,npmrc,_authtoken | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
ns1 | NS1 | ns1,nsone | {alnum:20}
nuget | NuGet | | oy2{lownum:43} {lownum:46} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
nx_cloud | Nx Cloud | nx_cloud,nxcloud,nx cloud | {b64p:60-90}
octopus | Octopus Deploy | octopus deploy,octopusdeploy,octopus | API-{upnum:25-32}
opsgenie | Opsgenie | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
optimizely | Optimizely | | 2:{word:54} {word:54} {alnum:20-45}
oracle | Oracle Cloud | oracle,oci_ | {hex:2}:{hex:2}:{hex:2}:{hex:2}:{hex:2}:{hex:2}
ovh | OVHcloud | ovh,ovhcloud | {alnum:32} {alnum:16}
packagecloud | packagecloud | | {hex:48}
packagist | Packagist | packagist | {hex:20} {word:20}
pagerduty | PagerDuty | pagerduty,pager duty | {dotted:20} u+{dotted:18} y_{word:18} {hex:32} R{upnum:2}{alnum:30}
papertrail | Papertrail | papertrail | {alnum:20} {alnum:22}
particle | Particle | particle.io,particle_ | {hex:40}
percy | Percy | | {hex:64} web_{hex:64}
pganalyze | pganalyze | | {upnum:16}
pingdom | Pingdom | pingdom | {word:86} {lownum:32}
planetscale | PlanetScale | planet scale,pscale | pscale_tkn_{loose:32-64} {alnum:12}
porkbun | Porkbun | porkbun | pk1_{hex:64} sk1_{hex:64}
portainer | Portainer | | ptr_{b64p:44} eyJ{word:20-60}.eyJ{word:40-300}.{word:43}
postman | Postman | | PMAK-{hex:24}-{hex:34}
powerdns | PowerDNS | powerdns,pdns | {alnum:16-64}
prefect | Prefect | | pnu_{alnum:36} {word:22}
private_ai | Private AI | privateai,private ai | {lownum:32}
proxmox | Proxmox VE | proxmox,pveapitoken,pve api | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
pulumi | Pulumi | pulumi | pul-{hex:40}
purestake | PureStake | purestake | {alnum:40}
pypi | PyPI | pypi,twine_password | pypi-{word:50-300}
quay | Quay | quay.io,quay_ | {upnum:64} {alnum:40}
qubole | Qubole | | {alnum:64}
rabbitmq | CloudAMQP | cloudamqp,rabbitmq | {word:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
rackspace | Rackspace | rackspace | {hex:32}
railway | Railway | railway_,railwayapp,railway token,railway api | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
rancher | Rancher | rancher | token-{lownum:5}:{lownum:54} {lownum:54}
raygun | Raygun | raygun | {alnum:22}
redhat | Red Hat | redhat,red hat,rh_ | {dotted:200-1500}
redis | Redis Cloud | redis cloud,redislabs,upstash | {alnum:32-64} A{alnum:40-60}
render | Render | render_api,render api,render.com | rnd_{alnum:28-40} {lownum:20}
rockset | Rockset | | {alnum:64}
rollbar | Rollbar | rollbar | {hex:32}
rootly | Rootly | rootly | rootly_{hex:64} {hex:64}
rubygems | RubyGems | rubygems,gem_host | rubygems_{hex:48} {hex:32}
runrunit | Runrun.it | | {hex:32} {alnum:18-20}
saucelabs | Sauce Labs | saucelabs,sauce labs,sauce_ | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
scaleway | Scaleway | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
scalingo | Scalingo | scalingo | tk-us-{word:48}
scalr | Scalr | | {dotted:136} {dotted:60-200}
scout_apm | Scout APM | scout_key,scout apm | {alnum:20}
semaphore | Semaphore CI | semaphoreci,semaphore_,semaphore | {word:20} {hex:32}
sematext | Sematext | sematext | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
sentry | Sentry | | {hex:64} {hex:32}
sigopt | SigOpt | | {upnum:48}
singlestore | SingleStore | singlestore | {hex:64}
site24x7 | Site24x7 | site24x7 | {hex:32}
smartthings | SmartThings | smartthings | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
snowflake | Snowflake | snowflake
softlayer | SoftLayer | softlayer,sl_api,slapi,sl_key,sl-api | {lownum:64} {alnum:64}
solarwinds | SolarWinds Observability | solarwinds | {word:71}
sourcegraph | Sourcegraph | | {hex:40}
spacelift | Spacelift | spacelift | {hex:64}
splunk | Splunk | | {alnum:22} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {xhex:8}-{xhex:4}-{xhex:4}-{xhex:4}-{xhex:12}
squadcast | Squadcast | squadcast | {hex:40}
sslmate | SSLMate | | {alnum:36}
stackpath | StackPath | stackpath | {hex:64}
statuscake | StatusCake | | {alnum:20} {alnum:30}
statuspage | Statuspage | statuspage | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:64}
statuspal | StatusPal | | {word:75} {word:20}
sumologic | Sumo Logic | sumologic,sumo logic,sumo | su{alnum:12} {alnum:64} {alnum:14}
supabase | Supabase | | sbp_{hex:40} eyJ{word:20-60}.eyJ{word:40-400}.{word:43}
svix | Svix | svix | sk_{word:28-60}.us sk_{word:28-60}.eu testsk_{word:28-60}.us
tableau | Tableau | | {b64:22}==:{alnum:32}
tailscale | Tailscale | | tskey-{word:20-60}
terraform | HCP Terraform | terraform,tfe_token,tfc_token | {alnum:14}.atlasv1.{word:60-90}
testingbot | TestingBot | | {hex:32} {lownum:20}
thethings | The Things Network | ttn_,thethings,the things | NNSXS.{upnum:39}.{upnum:52}
thousandeyes | ThousandEyes | | {lownum:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
timescale | Timescale | timescale | {alnum:64} {alnum:20}
transip | TransIP | transip | {dotted:300-1500}
travis | Travis CI | travisci,travis | {word:22}
truenas | TrueNAS | truenas,freenas,login_with_api_key | {digit:1-3}-{alnum:64}
turborepo | Turborepo | turbo_token,turborepo | {alnum:24}
turso | Turso | turso | {dotted:100-400}
tuya | Tuya | tuya | {lownum:32} {hex:32}
ubidots | Ubidots | ubidots | BBFF-{alnum:30} BBUS-{alnum:30}
ubuntu | Ubuntu Pro | ubuntu pro,ubuntu advantage | C1{alnum:28} {alnum:30}
ultradns | UltraDNS | ultradns | {hex:32}
unifi | UniFi | unifi | {word:32}
upcloud | UpCloud | upcloud | ucat_{upnum:26}
upstash | Upstash | upstash | {b64p:56-60} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:32}
uptimerobot | UptimeRobot | uptimerobot,uptime robot | u{digit:5-9}-{hex:24} m{digit:9}-{hex:24} ur{digit:5-9}-{hex:24}
uptrace | Uptrace | uptrace | {word:22}
vagrant_cloud | Vagrant Cloud | vagrantcloud,vagrant cloud,vagrant | {alnum:14}.atlasv1.{word:60-90}
vercel | Vercel | vercel,zeit | {alnum:24}
versioneye | VersionEye | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {word:40}
victorops | Splunk On-Call | victorops | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
vultr | Vultr | vultr | {upnum:36}
wakatime | WakaTime | wakatime | waka_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
wasabi | Wasabi | wasabi | {alnum:40} {upnum:20}
weave | Weave Cloud | weave cloud | {alnum:32}
wercker | Wercker | wercker | {hex:64}
zabbix | Zabbix | zabbix | {hex:64} {hex:32}
zeabur | Zeabur | zeabur | sk-{lownum:26}
zerotier | ZeroTier | | {alnum:32} {hex:64}
`;
