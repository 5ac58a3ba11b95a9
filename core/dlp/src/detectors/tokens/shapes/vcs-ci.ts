/** Version control, build, packages, code quality. Rows: see `parseTokens`. */
export const vcsAndBuild = String.raw`
github.personal_token | GitHub personal access token (classic) | ghp_{alnum:36}
github.oauth_token | GitHub OAuth access token | gho_{alnum:36}
github.user_token | GitHub App user-to-server token | ghu_{alnum:36}
github.server_token | GitHub App installation token | ghs_{alnum:36} ghs_{dotted:60-520}
github.refresh_token | GitHub refresh token | ghr_{alnum:36-76}
github.fine_grained_token | GitHub fine-grained personal access token | github_pat_{alnum:22}_{alnum:59}
github.legacy_token_url | GitHub token in a remote URL | https://{hex:40}@github.com
gitlab.personal_token | GitLab personal access token | glpat-{word:20} glpat-{word:27-300}.{lownum:2}.{lownum:9} glpat-{word:27-300}.{lownum:2}{lownum:7}
gitlab.deploy_token | GitLab deploy token | gldt-{word:20} gldt-{word:27-300}.{lownum:2}.{lownum:9}
gitlab.runner_token | GitLab runner authentication token | glrt-{word:20} glrt-{word:20-60} glrt-t{digit:1}_{word:20-60} glrt-{word:27-300}.{lownum:2}.{lownum:9}
gitlab.runner_registration | GitLab runner registration token | GR1348941{word:20} glrtr-{word:20} glrtr-{word:27-300} glrtr-{word:27-300}.{lownum:2}.{lownum:9}
gitlab.trigger_token | GitLab pipeline trigger token | glptt-{word:40}
gitlab.job_token | GitLab CI/CD job token | glcbt-{xhex:1-5}_{word:20} glcbt-{word:20}
gitlab.feed_token | GitLab feed token | glft-{word:20} glft-{xhex:64}-{digit:1-10}
gitlab.incoming_mail_token | GitLab incoming mail token | glimt-{lownum:25} glimt-{word:25}
gitlab.agent_token | GitLab agent for Kubernetes token | glagent-{word:50}
gitlab.oauth_secret | GitLab OAuth application secret | gloas-{word:64}
gitlab.scim_token | GitLab SCIM token | glsoat-{word:20}
gitlab.feature_flag_token | GitLab feature flags client token | glffct-{word:20}
gitlab.workspace_token | GitLab workspace token | glwt-{word:20}
bitbucket.app_password | Bitbucket app password | ATBB{alnum:24}{xhex:8}
bitbucket.access_token | Bitbucket repository, project or workspace access token | ATCTT3xFfG{word:60-250}={HEX:8} ATCTT3xFfGN0{word:40-250}
bitbucket.server_token | Bitbucket Server HTTP access token | ? BBDC-{b64:44}
atlassian.api_token | Atlassian API token | ATATT3xFfG{word:60-250}={HEX:8} ATATT3{word:100-250}
atlassian.admin_key | Atlassian organisation API key | ATCTT3{word:100-250} ATSTT3{word:60-250} ATOATT3{word:60-250}
azure_devops.personal_token | Azure DevOps personal access token | {alnum:76}AZDO{alnum:4}
sourcegraph.access_token | Sourcegraph access token | sgp_{xhex:40} sgp_{xhex:16}_{xhex:40} sgp_local_{xhex:40} sgp_{xhex:16}_local_{xhex:40} slk_{hex:64} sgd_{hex:64}
gerrit.http_password | Gerrit cookie of Google source hosts | git-{word:5-60}.google.com=1//{word:40-90}
circleci.personal_token | CircleCI personal API token | CCIPAT_{alnum:20-24}_{hex:40} CCIPAT_{word:40-90}
circleci.project_token | CircleCI project API token | CCIPRJ_{alnum:20-24}_{hex:40} CCIPRJ_{word:40-90}
buildkite.access_token | Buildkite user access token | bkua_{hex:40} bkua_{alnum:40}
buildkite.agent_token | Buildkite agent or job token | bkat_{alnum:40-120} bkct_{alnum:40-120} bkaj_{word:40-800} bkpt_{alnum:30-120} bkar_{alnum:30-120}
harness.personal_token | Harness personal access token | pat.{word:22}.{xhex:24}.{alnum:20}
harness.service_token | Harness service account token | sat.{word:22}.{xhex:24}.{alnum:20}
codecov.upload_token_url | Codecov token in a badge URL | ? codecov.io/gh/{url:3-80}?token={alnum:10}
sonar.user_token | SonarQube or SonarCloud user token | squ_{hex:40}
sonar.project_token | SonarQube project analysis token | sqp_{hex:40}
sonar.global_token | SonarQube global analysis token | sqa_{hex:40}
snyk.service_token | Snyk access token | snyk_uat.{hex:8}.{word:40-400} snyk_sat.{hex:8}.{word:40-400} snyk_pat.{hex:8}.{word:40-400}
stackhawk.api_key | StackHawk API key | hawk.{word:20}.{word:20}
endor.api_key | Endor Labs API key | endr+{word:16}
npm.access_token | npm access token | npm_{alnum:36}
npm.npmrc_token | npm token in a configuration file | _authToken={hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12} _authToken=NpmToken.{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
pypi.api_token | PyPI API token | pypi-AgEIcHlwaS5vcmc{word:50-300} pypi-AgENdGVzdC5weXBpLm9yZw{word:50-300} pypi-{word:85-300}
rubygems.api_key | RubyGems API key | rubygems_{hex:48}
nuget.api_key | NuGet API key | oy2{lownum:43}
crates.api_token | crates.io API token | cio{alnum:32}
clojars.deploy_token | Clojars deploy token | CLOJARS_{hex:60} CLOJARS_{lownum:60}
jsr.token | JSR or Deno registry token | jsrp_{alnum:40-60} jsrd_{alnum:40-60}
packagist.token | Private Packagist token | packagist_out_{hex:60-80} packagist_ort_{hex:60-80} packagist_uut_{hex:60-80} packagist_{lower:3}_{hex:40-120}
dockerhub.personal_token | Docker Hub personal access token | dckr_pat_{word:27} dckr_oat_{word:32}
quay.robot_token_url | Quay robot token in a registry URL | ? quay.io:{upnum:64}
jfrog.api_key | Artifactory API key | AKCp{alnum:69} AKCp{alnum:10-80}
jfrog.reference_token | Artifactory reference token | cmVmdGtuOjAxO{alnum:51}
jfrog.password | Artifactory encrypted password | AP{xhex:1}{alnum:8-20}JFrog
terraform.cloud_token | HCP Terraform (Terraform Cloud) API token | {alnum:14}.atlasv1.{word:60-90}
pulumi.access_token | Pulumi access token | pul-{hex:40}
doppler.personal_token | Doppler personal token | dp.pt.{alnum:40-44}
doppler.service_token | Doppler service token | dp.st.{alnum:40-44} dp.st.{word:2-35}.{alnum:40-44}
doppler.cli_token | Doppler CLI token | dp.ct.{alnum:40-44}
doppler.other_token | Doppler SCIM, audit or service account token | dp.scim.{alnum:40-44} dp.audit.{alnum:40-44} dp.sa.{alnum:40-44} dp.said.{alnum:40-44}
infracost.api_key | Infracost API key | ico-{alnum:32}
intra42.client_secret | 42 Intra client secret | s-s4t2ud-{hex:64} s-s4t2af-{hex:64}
infisical.service_token | Infisical service token | st.{hex:24}.{hex:32}.{hex:32} st.{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}.{hex:32}.{hex:32}
vault.service_token | HashiCorp Vault service token | hvs.{word:24-200}
vault.batch_token | HashiCorp Vault batch or recovery token | hvb.{word:90-350} hvr.{word:24-200}
vault.old_token | HashiCorp Vault token (before 1.10) | ? VAULT_TOKEN=s.{alnum:24}
onepassword.service_token | 1Password service account token | ops_eyJ{b64p:250-900}
onepassword.secret_key | 1Password secret key | A3-{upnum:6}-{upnum:6}-{upnum:5}-{upnum:5}-{upnum:5} A3-{upnum:6}-{upnum:11}-{upnum:5}-{upnum:5}-{upnum:5}
age.plugin_key | age key of a YubiKey | AGE-PLUGIN-YUBIKEY-1{bech32:30-80}
dependency_track.api_key | OWASP Dependency-Track API key | odt_{alnum:32} odt_{alnum:8}_{alnum:32}
gradle.develocity_key | Develocity access key | ? GRADLE_ENTERPRISE_ACCESS_KEY={host:4-60}={lownum:52}
codemagic.token | Codemagic webhook | api.codemagic.io/hooks/{hex:24}
percy.token | Percy project token | web_{hex:64} app_{hex:64} auto_{hex:64} ss_{hex:64}
chromatic.token | Chromatic project token | chpt_{alnum:12-20} chpt_{hex:15}
depot.token | Depot project or organisation token | depot_project_{hex:64} depot_org_{hex:64}
prefect.api_key | Prefect API key | pnu_{alnum:36} pnb_{alnum:36}
netlify.access_token | Netlify personal access token | nfp_{alnum:36} nfc_{alnum:36} nfo_{alnum:36} nfu_{alnum:36} nfb_{alnum:36}
postman.api_key | Postman API key | PMAK-{hex:24}-{hex:34}
postman.collection_key | Postman collection access key | PMAT-{upnum:26}
readme.api_key | ReadMe API key | rdme_{lownum:70} rdme_xn8s9h{lownum:64}
matrix.access_token | Matrix (Synapse) access token | syt_{word:4-80}_{alnum:20}_{alnum:6}
docker.swarm_token | Docker Swarm join token | SWMTKN-1-{lownum:50}-{lownum:25}
teamcity.access_token | TeamCity access token | eyJ0eXAiOiAiVENWMiJ9.{word:30-60}.{word:40-70}
openvsx.access_token | Open VSX access token | ovsxat_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}
trigger_dev.secret_key | Trigger.dev secret key | tr_dev_{alnum:20-24} tr_prod_{alnum:20-24} tr_stg_{alnum:20-24} tr_pat_{alnum:40}
valtown.token | Val Town API token | vtwn_{alnum:22-40}
`;
