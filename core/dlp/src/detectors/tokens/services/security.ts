/** Identity, secrets, security of code and networks. Rows: see `parseServices`. */
export const security = String.raw`
abuseipdb | AbuseIPDB | | {hex:80}
akeyless | Akeyless | akeyless | p-{lownum:14} {b64p:44}
auth0 | Auth0 | | {word:64} {word:32}
binaryedge | BinaryEdge | binaryedge | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
bitwarden | Bitwarden | bitwarden,bws | 0.{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}.{alnum:30}:{b64:22}== {alnum:30}
boundary | Boundary | boundary_token | at_{alnum:10}_{alnum:100-300}
censys | Censys | | {alnum:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
checkmarx | Checkmarx | checkmarx | {dotted:200-1500}
clerk | Clerk | clerk | sk_live_{alnum:40-50} sk_test_{alnum:40-50}
codacy | Codacy | | {alnum:20} {hex:32}
codeclimate | Code Climate | codeclimate,code climate,cc_test_reporter | {hex:64} {hex:40}
codescene | CodeScene | codescene | {hex:40}
contrast | Contrast Security | contrast security,contrastsecurity | {alnum:32} {alnum:16}
crowdstrike | CrowdStrike | crowdstrike,falcon | {alnum:40} {hex:32}-{hex:10} {hex:32}
cryptlex | Cryptlex | cryptlex | {dotted:200-800}
cyberark | CyberArk Conjur | cyberark,conjur | {lownum:40-60}
darktrace | Darktrace | darktrace | {hex:40}
deepsource | DeepSource | deepsource | dsp_{hex:40} {hex:32}
dependency_track | Dependency-Track | dependency track,dependencytrack,dtrack | odt_{alnum:32} {alnum:32}
descope | Descope | descope | K2{alnum:60-70} P2{alnum:25}
detectify | Detectify | | {hex:32}
doppler | Doppler | doppler | dp.{dotted:42-70}
duo | Duo Security | duo security,duo_,duosecurity,duo api | {alnum:40} DI{upnum:18}
endorlabs | Endor Labs | endorlabs,endor | endr+{word:16}
fortinet | Fortinet | fortinet,fortigate,fortios | {alnum:30}
fossa | FOSSA | fossa | {hex:32}
frontegg | Frontegg | frontegg | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
fusionauth | FusionAuth | fusionauth | {word:64} {word:43}
gitguardian | GitGuardian | gitguardian,ggshield | {alnum:70} {hex:70}
greynoise | GreyNoise | greynoise | {alnum:64}
hashicorp_vault | HashiCorp Vault | vault token,vault_token,vaulttoken,x-vault-token,hashicorp,hcp_client | s.{alnum:24} s.{dotted:60-160} hvs.{word:24-200} {word:64} {alnum:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
haveibeenpwned | Have I Been Pwned | haveibeenpwned,hibp | {hex:32}
hybrid_analysis | Hybrid Analysis | hybrid analysis | {lownum:64}
infisical | Infisical | infisical | st.{hex:24}.{hex:32}.{hex:32} {hex:64}
jamf | Jamf | jamf | {word:64}
jumpcloud | JumpCloud | jump cloud | {hex:40}
jupiterone | JupiterOne | | {hex:76}
kandji | Kandji | kandji | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
keeper | Keeper | keeper_secrets,ksm_config | {b64p:200-1500}
keycloak | Keycloak | keycloak | {alnum:32} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
keygen | Keygen | keygen.sh,keygen_ | prod-{hex:64}v3 admin-{hex:64}v3 activ-{hex:32}v3
kinde | Kinde | kinde | {alnum:50} {alnum:46}
knowbe4 | KnowBe4 | knowbe4 | {dotted:200-600}
lacework | Lacework | lacework | _{hex:32} {alnum:55}
logto | Logto | logto | {alnum:32}
manageengine | ManageEngine | manageengine,endpointcentral | {HEX:8}-{HEX:4}-{HEX:4}-{HEX:4}-{HEX:12}
mimecast | Mimecast | mimecast | {b64p:86-90} {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
misp | MISP | misp_ | {alnum:40}
nightfall | Nightfall | | NF-{alnum:32}
okta | Okta | | 00{word:40} {word:40} {word:64}
onelogin | OneLogin | onelogin | {hex:64}
opencti | OpenCTI | opencti | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
openvpn | OpenVPN | | {alnum:32} {dotted:64-128}
ory | Ory | ory_ | ory_pat_{alnum:32} ory_st_{alnum:32} ory_at_{word:43}.{word:43}
paloalto | Palo Alto Networks | paloalto,palo alto,prisma cloud,prismacloud,panos | {alnum:100-200} {b64p:28}
proofpoint | Proofpoint | proofpoint | {hex:64}
propelauth | PropelAuth | propelauth | {hex:128}
qualys | Qualys | qualys | {alnum:20-60}
scrutinizer | Scrutinizer CI | scrutinizerci,scrutinizer | {hex:64}
securitytrails | SecurityTrails | security trails | {word:32}
semgrep | Semgrep | semgrep | {hex:64}
sentinelone | SentinelOne | sentinelone | {alnum:80}
shodan | Shodan | | {alnum:32}
sidekiq | Sidekiq Pro or Enterprise | contribsys | {hex:8}:{hex:8}
snyk | Snyk | | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
socket | Socket | socket_security,socket.dev | sktsec_{word:40-60}
sonar | SonarQube or SonarCloud | sonarqube,sonarcloud,sonar | {hex:40} squ_{hex:40}
sonatype | Sonatype | sonatype,ossrh,oss index | {alnum:44} {alnum:40}
spectralops | Spectral | spectralops,spectral_dsn | spu-{hex:32}
stackhawk | StackHawk | | hawk.{word:20}.{word:20}
supertokens | SuperTokens | supertokens | {word:28-40}
teleport | Teleport | teleport_ | {hex:32}
tenable | Tenable | tenable,nessus | {hex:64}
thehive | TheHive | thehive,cortex_ | {b64:32}
thycotic | Delinea | thycotic,delinea | {dotted:80-600}
tines | Tines | tines | {word:20}
torq | Torq | torq | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
trend_micro | Trend Micro | trendmicro,trend micro,cloudone | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:{alnum:60-90}
urlscan | urlscan.io | urlscan | {hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
veracode | Veracode | veracode | {hex:128} {hex:32}
virustotal | VirusTotal | virus total,vt_api,vtapi | {hex:64}
vmware | VMware | vmware,vcenter,vsphere,vmc_ | {upnum:5}-{upnum:5}-{upnum:5}-{upnum:5}-{upnum:5} {alnum:64}
vpnapi | vpnapi.io | | {hex:32}
whitesource | Mend | whitesource,mend_ | {hex:64}
wiz | Wiz | wiz_,wiz client,wiz.io | {alnum:64} {alnum:52}
workos | WorkOS | workos | sk_live_{alnum:30-200} sk_{b64p:64-120}
zitadel | Zitadel | zitadel | {word:71}
zoomeye | ZoomEye | zoomeye,fofa | {HEX:8}-{HEX:4}-{HEX:5}-{HEX:4}-{HEX:11} {hex:32}
zscaler | Zscaler | zscaler,zpa_,zia_ | {alnum:12} {alnum:32}
`;
