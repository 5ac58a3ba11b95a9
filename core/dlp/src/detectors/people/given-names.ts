/**
 * Given names that are frequent in the statistics that registry offices and statistical authorities publish, of some forty
 * languages. In lower case, in the order of code points.
 */
export const givenNames = `
aafke aaltje aapo aarav aarne aaro aaron abdul abdullah abdulrahman abeba abeer abena abeni abigail abimbola abraha abrehet achamaz adaeze adaku adam
adebayo adebola adel adela adele adem ademir ademola adenike adeola aderonke adewale adiam adilson adina aditi aditya adlan adnan adolfo adriaan
adrian adriana adrianna adriano adriel adrien adrienn adèle adéla afaf afia afonso afsaneh afua agatha agathe agim agnar agnese agnieszka agnès
agostino agron agustín aharon ahlam ahmad ahmed ahmet ahti aicha aida aidan aila ailsa aimée aino aisha aitana aitor ajay akash akhil akhmad aki akiko
akira akosua akua alaa aladár alain alan alasdair alba alban albana albane albert alberta alberto aldo aleida alejandra alejandro aleksandar
aleksander aleksandr aleksandra aleksei aleksej aleksey alem alena alenka alessandra alessandro alessia alessio alex alexander alexandra alexandre
alexandros alexandru alexei alexey alexis aleš alfio alfonso alfred alfredo ali alice alicia alicja alin alina aline alison alistair aljaž alketa
allen allison almaz almudena alois alok alper altin alun alyona alyssa alíz alžběta amadi amadou amaka amal amanda amandine amani amanuel amar amara
ambre amedeo amelia amina aminata amir amira amit amita amitabh ammar amparo amy amália amélie américo ana ana-maria anabel anand ananya anas
anastasia anastasios anastasiya anasztázia anatoliy anatoly anaïs anca anders andrea andreas andreea andrei andrej andreja andrew andrey andrijana
andriy andrzej andrás andré andrée andrés andy anděla aneta anette anežka anfisa angela angelika angeliki angelo angharad angus anikó anil anila anita
anja anjali anke ankit ankita ankur anna anna-karin anna-margrét annalisa annamaria annamária anne anne-marie annegret anneke anneli annelies
anneliese annemarie annette annick annie annika annikki anouk anselmo anssi antal ante antero anthony antje antoine antoinette antonella antoni
antonia antonietta antonija antonino antonio antonios antonín antti antónio antônio anu anupam anuradha anushka anwar anwen anzor anđela aoife
apolline apostolos apti araceli aranka arash arben archana archie arda ardeshir ardian arezoo ari arian ariana arianna arie aristotelis arja arjan
arjen arjun arkadiusz arkady arlene arlette armand armando armelle armi armin arna arnaldur arnar arnaud arnav arnold arnoud aroha arta artan artem
arthur arttu artur arturo artyom arun aruna arvid arvind asbjørn asha ashish ashkan ashley ashok ashwin asko aslak aslambek aslan asli aslı asma asmaa
asmeret assunta astri astrid asuka asunción atefeh athanasios athina attila attilio aubrey audrey augusto aurel aurelio aurora aurore aurélia aurélie
aurélien auður ava avi aviad avigail avinash aviv avni awet axel axelle ayaka ayala ayhan ayla aylin ayman ayodele ayomide ayse aytaç ayub ayumi ayush
ayşe azadeh azieb aziz aziza babajide babak babatunde babita bachir badr bahaa bahar bahram baldur baldvin balázs banafsheh banu bao baptiste baran
barbara barbora bardhyl barica barna barnabás barry bart bartolomeo bartosz bartłomiej barış bas basel bashkim basim bassam bastian bastien battista
beata beate beatrice beatriz becky bedřich begoña behnam behrouz behzad bekim bekir belén bence benedetta benedikt benedito bengt benito benjamin
benoît bento beppe bereket berend bergljót bergur bergþóra berhane berit berkay bernadeta bernadett bernadette bernard bernardo bernd bernhard bernice
bertalan bertha bertrand bertus besa besim beslan besnik beth bethany bettina betty beverly beyza bharat bharti bhavna biagio bianca bijan bilal
billie billy binh biniam birger birgit birgitta birkir birna biserka bisi bisrat bjarki bjarne bjarni björgvin björk björn blake blanca blandine
blanka blaž blerim blerta boaz bobby bodil bogdan bogdana bogi boglárka bogumiła bogusław bogusława bohdan bohumil bohumila bohuslav bojan bojana bola
bolaji bolesław bonnie borbála boris borivoj borja borys botond bouchra bożena božena božidar brad bradley bragi bram brandi brandon brandy branimir
branka branko brenda brendan brent brett brian brianna bridget brigita brigitte britt britt-marie britta brittany bronisław bronisława bronwen brooke
bruce bruna bruno bryan bryce bryn brynhildur brynja brynjar btissam bujar bukola burak burcu burim burkhard byron byung-chul bálint bárður bärbel
béatrice béla bérénice börje bülent bünyamin błażej břetislav caio caleb callum calum calvin camelia cameron camila camilla camille cansu capucine
carina carl carl-johan carla carlo carlos carlota carmela carmelo carmen carol carolina caroline carolyn carrie carsten carys casey catalina caterina
catherine cathy catriona cecil cecilia cecylia cees celal celia cem cemal cemil ceren ceri cesare ceyda cezary chaim chana chandan chandler chandra
chantal charalampos charlene charles charlie charlotte charlène chau chaya chelsea cheryl chetan chiamaka chiara chibueze chibuzo chichima chidi
chidiebere chidinma chidubem chieko chiemeka chijioke chika chike chikere chimamanda chimaobi chinedu chinenye chinonso chinwe chinyere chioma chisom
chitra chiyo chizoba chloe chris christa christel christelle christer christian christiane christina christine christoph christophe christopher
christos christy chukwudi chukwuemeka chukwuma chun ciara ciarán cihan cillian cindy cinzia ciprian ciril claire clara clarence clarice claude claudia
claudine claudio claudiu claus clayton clelia clifford clifton clotilde clyde cláudia cláudio clémence clément clémentine clóvis cody coen colette
colin colleen concepción concetta connie connor conor constance constantin consuelo cor coralie corentin corey corina corinna corinne cornel cornelia
cornelis corrado cory cosimo cosmin cosmina costel courtney craig cristi cristian cristiano cristina cristóbal csaba csanád csenger csilla cuong
curtis cvijeta cynthia cyril cyrille czesław czesława cátia cécile cédric célia céline césar cícero călin cătălin cătălina daan dafna dafydd daga
dagbjört dagmar dagný dagur dahlak daichi daisuke daisy dalal dalia dalibor dalma damian damiano damien damilola dana daniat danica daniel daniela
daniele danielle danijel danijela danila danièle danny danuta daphne daphné dardan daria darija dariush dariusz darko darlene darragh darrell darren
darryl daryl dave davi david davide davor davorin davíð dawid dawit daði deanna debbie debora deborah debra declan deepa deepak deepika dehab deirdre
dejan dejen delores delphine denis denisa denise deniz dennis derek derrick derya desiree detlef devendra devin dewi dezső dharmendra diana diane
dianne diarmuid diederik diego diep dieter dietmar dieuwertje dilara dilek dilip dilys dimitra dimitrios dimitris dina dinesh dino diogo dirceu dirk
dita divya djamel dmitri dmitriy dmitry dmytro dobromila doina dokka dolores domingo dominic dominik dominika dominique donald donata donatella donato
donna donnie doreen dorin dorina doris dorota dorothea dorothy dorottya doug douglas douwe doğan dragan dragana dragica drago dragoș dragutin
drahomíra drita dritan duane duarte dubravka dumitru duncan dung dunja duong dustin dušan duško dvora dwayne dwight dylan dzhabrail dzhokhar dániel
dávid débora dénes dóra dănuț eamon ebba ebele ebere eberhard ebrahim ebru ebtisam ece eckhard edda eddie edeltraud edgar edit edith edlira edna
edoardo edona edson eduardo edvard edward edwin edyta eerika eero eeva efrat efrem efthymia efua eggert egill egzon eija eiji eila eileen eilidh einar
eino eirik eirini eirlys eiríkur eitan eivind ekaterina ekene ekrem ekwueme elad elaheh elaine elazar elchanan eleanor eleftherios elemér elen elena
eleni eleonora elfriede elham eli eliana eliane elias eliezer elif elijah elin elina elira elisa elisabeta elisabetta eliyahu elizabeth elizaveta
eliška elke ella ellen ellert elli ellie ellinor elliott elly elmer elona els elsa elsebeth elsie elvar elvira elza elín előd elżbieta ema eman
emanuela emanuele emeka emel emelie emese emi emiko emil emilia emilian emilio emily emine emlyn emma emmanuel emmanuelle emmi emrah emre emrys emília
emőke encarna encarnación endre engin enikő enitan enrica enrico enrique ensio enver enzo eoin erblin ercan erdal erdem erdoğan ere eren erhan eric
erica erich erik erika erin erkan erkki erla erling ermal ermanno ermias ernestine ernesto ernie ernst ernő ersin ertuğrul ervin erwin erzsébet esa
esben esha eskil esmail esmée espen esperanza esra esteban estefanía estelle ester esther eszter etelka ethan ethel etsuko ettore euan eugen eugene
eugenia eugenio eugeniusz eugénie eun-ji eun-jung eunice eurwen eusebio eva eva-maria evald evan evangelia evangelos eveliina eveline evelyn evgeni
evgenia evgeny evren evžen ewa ewald ewan ewelina eyjólfur eylül eyob eysteinn eyþór fabian fabiana fabien fabienne fabio fabiola fabrice fabrizio
fabrício fadi fadia fadime fahad faisal fanny farah faramarz fares farhad fariba farid farida farideh farouk farshad faruk farzad farzaneh fatema
faten fatih fatima fatma fatmir fatos fatou fatoumata fausto fawzi federica federico fedor felicia feliks felipe felix femi femke fenna ferdinand
ferdinando ferede ferenc fereshteh fergus ferhat feride fermín fernand fernanda fernando feven fidel fikre fikret filip filipa filipe filippo filiz
filmon filomena finley finnbogi finnur fiona fionnuala fiorella firas firouzeh fisnik fiyori flamur flavia flavie flavio floor florence florentina
florian florica florin floris floyd flávia flávio folake forough fotini fotis fouad franc franca francesca francesco francine francis francisca
francisco franciszek francka franco franjo františek františka franz françois françoise frančiška frauke fred freddie frederick frederik frederikke
fredrik fredrika freek freya freyja frieda friedhelm friedrich frits fritz friðrik frode fruzsina frédéric frédérique fulvio fumiko fumio funmilayo
furkan fyodor fábio fátima félix gabin gabriel gabriela gabriella gabrielle gaetano gaia gail galina galit gamze gareth gary garðar gaston gaurav
gauri gavin gazmend gaël gaëlle gaëtan gbenga geert geertje geeta geir gema gemma genet geneviève gennady gennaro genowefa gentian geoffrey georg
george georges georgina georgios georgy geraint gerald geraldine geraldo gerardo gerd gerda gergely gergő gerhard germaine germán gerrie gerrit
gershon gertrud gertrude gerónimo gethin ghada ghasem ghassan ghazal ghebre gheorghe ghislaine ghita giacomo giada gianfranco giang gianluca gianluigi
gianmarco gianni giannis gianpaolo gideon gijs gil gilbert gilberte gilberto gilda gilles gina ginette gino giorgia giorgio giorgos giovana giovanna
giovanni girish girmay gisela gita giulia giuliana giuliano giulio giuseppa giuseppe giuseppina gizella gizem gjergj gjon gladys gleb glenda glenn
gloria glynis glória golnaz gonzalo gonçalo gopal goran gorazd gordana gordon govind graciela graham grazia graziella grażyna greg gregorio gregory
greta grigori grigoris grigory gruffydd grzegorz gráinne grégory gréta grétar guadalupe gudmund gudrun guglielmo guido guilherme guillaume guillermo
gunilla gunn gunnar gunnhildur gunnlaugur gunvor gustaf gustav gustave gustavo guus guðbjörg guðjón guðlaug guðmundur guðný guðríður guðrún gwen
gwenaëlle gwendolyn gwilym gwyn gwyneth gyula gyöngyi györgy györgyi gábor gábriel gáspár gérard géza gísli gökhan gökçe gönül göran göte götz gül
gülay gülcan güler gülhan gülsüm günay günter günther gürkan haben habib habtom hadas hadassah hadeel hae-won hafdís hafsa hafsteinn hafþór haidar
haile hailey hajar hajime hajnalka hakan hala haley halil halime halina halla halldór halldóra hallgrímur halvard halyna hamed hamid hamideh hamish
hamza hana hanan handan hande hanga hanh hani hanin hanna hanna-leena hanna-maria hannah hanne hanneke hannele hannelore hannes hannu hans hans-erik
hans-peter hao harald harish harm harmen harold harri harriet harrison harsh hartmut haruka haruki haruko haruto harvey hasan hasna hassan hatice
haukur havva haya hayat hayriye hazel heather heba hector hedda hedwig hege heidi heike heikki heiko heimir heiner heinrich heinz heitor heiða heiðar
helder helen helena helga helge helgi helmi helmut helmuth helvi heléne hemant hemi hendrik hendrika henk hennie henning henny henok henri henrietta
henrik henrique henry henryk henryka herbert herdís herma herman hermann herminia hernando hernán herta hervé hessel hicham hidat hideki hideko hideo
hien hieu hijacinta hilary hilda hilde hildegard hilkka hilmar himanshu hind hinemoa hiro hiroaki hiroki hiroko hiromi hiroshi hiroyuki hisako hisham
hitomi hiwet hjalmar hjalti hjördis hjördís hlynur hoa hoang holger holly hone hong honoré hooman horacio horia horst hossein howard hrafn hrafnhildur
hrefna hrvoje hrönn hubert huda hugh hugo huguette hui huia hulda humberto hung hunor huong hussain hussein huw huyen hye-jin hynek hyun-woo håkan
hédi hélio hélène hólmfríður hörður hülya hüseyin iain ian iara iben ibolya ibrahim ibtihaj ichiro ida idan idit idris ieuan ifan ifeanyi ifeoma
ifunanya ignacio ignat igor ihab ihaia iida ikechukwu ikenna ikram ilan ilaria ildikó ileana ilham ilias ilie ilir ilka ilker ilkka ilknur ilmari
ilona ilse ilya ilyas iman imane imogen imola imran imre in-sook inbal indira indriði ineke ines inessa inga inge ingeborg ingemar inger inger-lise
ingi ingibjörg ingo ingrid ingunn ingvar ingvi ingólfur inka inkeri inmaculada inna innes inácio inès inés ioan ioana ioann ioanna ioannis ioanwen
iolo ion ionel ionela ionuț iosif irem irena irene ireneusz irina iris irja irma irmeli irmgard iryna irén isaac isabel isabell isabella isabelle
isadora isaias isak isam isamu ishaan ishita isidro iskra isla ismael ismail ismet isobel isoken istván itai itamar itsuki itunu itzhak iulia iulian
ivan ivana ivanka ivano ivar iveta ivett ivica ivo ivone iván iwan iwona iyabo izabela izabella i̇brahim i̇smail jaakko jaana jaap jaber jacek jacinto
jackie jacky jaclyn jacob jacoba jacobus jacopo jacqueline jacques jadranka jadwiga jafar jagdish jagoda jaime jake jakob jakub jalal jamal james
jamie jamila jan jana jane janet jani janice janina janine janka janne janneke janny jantje janusz jaqueline jared jari jarkko jarle jarmila jarmo
jaromír jaroslav jaroslava jarosław jasenka jasmina jasmine jasna jason jasper javad javier jawad jay jaya jayant jayden jean jean-baptiste
jean-claude jean-françois jean-luc jean-marc jean-michel jean-paul jean-philippe jean-pierre jeanette jeanne jeannette jeannine jeff jeffery jeffrey
jelena jelle jenna jennie jennifer jenny jens jenő jeppe jeremiah jeremy jermaine jernej jerneja jeroen jerome jerry jerzy jerónimo jesper jesse
jessica jessie jesús jeton jetske ji-eun ji-hoon ji-hye ji-woo ji-young jia jian jiang jianguo jideofor jikke jill jillian jim jimena jimmie jimmy
jin-woo jindřich jindřiška jing jinping jiro jitendra jitka jitske jiřina jiří joachim joakim joan joana joann joanna joanne joaquim joaquín jocelyne
jochen jodi jody joe joel joey johan johann johanna johannes john johnathan johnnie johnny jolanda jolanta jolán jon jonas jonathan jong-un jonna
joon-ho joop joost jordi jordyn jorge joris jorma jorunn jos jose josef josefa josefina josefine josep joseph josephine josette josh joshua josiane
josip josipa josé josé-carlos jouko jouni jovan jovana joyce jozef joão joël joëlle jože jožica juan juan-carlos juanita judit judith judy judyta juha
juhana juhani juho jukka jules julia julian juliana julianna julie juliette julio julián jun jung-hee junichi junko jure jurgen jurij jurre jussara
jussi justin justine justyna jutta jyoti jyri jyrki jános jázmin jérémy jérôme jóhann jóhanna jóhannes jón jóna jónas jónína józef józefa józsef
jökull jörg jörundur jørgen júlia júlio júlíus jürgen kaan kaare kaarina kaarlo kacper kadir kahu kai kaisa kaitlyn kaito kaja kajal kalevi kalle
kalliopi kalpana kamal kamala kamil kamila kamilla kamran kamsiyochukwu kanene kaori kaoru kapil kara karan kareem karel karen karen-marie kari karim
karima karin karina karine karl karl-heinz karl-jóhann karola karoliina karolina karoline karolína karsten karthik karítas kasper kastriot kata
katalin katariina katarina katarzyna kate katelyn katerina kateryna kateřina katharina katherine kathleen kathrin kathryn kathy kati katica katie
katja katri katrin katrín katsumi kauko kauri kaveh kavita kavya kayla kazimiera kazimierz kazuhiro kazuki kazuko kazumi kazuo kazuya kees keijo keiko
keisuke keith kelechi kelemen kellie kelly kelsey kemal kenan kendra kenechukwu kenichi kenji kenneth kenny kenta kentaro kerem kerry kerstin kerttu
kevin keyvan khadija khaled khalid khalil khamzat khanh khava kheda khosrow khrystyna khusein kianoush kibrom kidane kidist kieran kieu kim kimberly
kimiko kimmo kinga kiran kiri kirill kirk kirsi kirsten kirsty kirti kisanet kishore kiyoshi kjartan kjell kjersti klaas klara klaudia klaus klavdiya
klemen klára knut koen kofi koichi koji kojo kolbeinn kolbrún komal konrad konstantin konstantina konstantinos koos koray kornelia kornél kornélia
kostas kostiantyn kourosh krešimir krishna krista kristen kristian kristijan kristin kristina kristine kristján kristoffer kristopher kristrún kristín
kristýna krisztina krisztián krunoslav krystal krystian krystyna krzysztof ksenia ksenija kujtim kumar kumiko kunal kunle kurt kushtrim květa
květoslava kwabena kwadwo kwaku kwame kwasi kwesi kyle kyoko kyriaki kyriakos kyung-sook kyösti kálmán károly kåre kübra lachlan ladan ladislav
laetitia laila lajos lakshmi lalit lama lamia lana lara larisa larissa larry lars lasse lata latifa latoya laura lauren laurence laurent laurenz
laurențiu lauri laurie lauro lawrence laxmi layan layla laís leah leandro leanne lech ledion lee leena leevi lefteris lehel lei leif leigh leila lekan
leman lemlem lena lenka lennart leo leokadia leon leona leonard leonardo leonid leonie leonora leoš lerato leroy leslie lester leszek leticia letizia
letícia lev levent levente lewis leyla lia liam liana liang libor libuše licia lidia lidija lidiya lieke lien lies liesel lieselotte lieve liisa lili
liliana liliane liliána lilja lilla lillian lilou lina linda lindita lindiwe lindsay lindsey ling linh linn linnea linnéa lionel lior liora lirim lisa
lisbet lisbeth liselotte liudmyla liv livia livio liviu ljerka ljiljana ljubica ljubo llewelyn llinos lloyd llyr loan lodewijk loes lois lone lora
loredana lorena lorenza lorenzo loretta lori loris lorna lorraine lothar lotta lotte louane louis louise loukas lourdes lovisa lovro lowri loïc luam
luan lubna lubomír lubomíra luboš luca lucas lucia lucian luciana luciano lucie lucien lucienne lucille lucjan lucrezia lucy lucyna lucía ludmila
ludovic ludvig ludwig ludwik luděk luigi luigia luis luisa luise luiz luiza luka lukas luke lukáš lule luljeta luminița lungile lutz luuk luwam luzia
luís lydia lynda lynette lynn lyubov lyudmila lyudmyla lárus lászló léa léo léon léonie lígia lívia lóránt lőrinc maaike maarten mabel machteld maciej
mackenzie maddalena madeline madhav madhu madhuri mads maeve magda magdalena magdaléna magdolna maggie magne magnus magnús magomed maha mahdi mahendra
maher mahesh mahmoud mahnaz mahsa mahtab maike mair mairi mairwen maite maj-britt maja majid majlinda maki makis makka makoto maksim maksym
maksymilian malak malcolm malene malika malin malka mamadou mamoru mamta manabu manaia manal mandana mandy manfred manish manisha manju manlio manoel
manoj manolis manon manouchehr manuel manuela mara marc marcel marcela marcelina marceline marcell marcella marcelle marcello marcelo marcia marcin
marco marcos marcus mareike marek marfa margaret margarete margarita margaux margie margit margot margret margrét marguerite maria marian mariana
mariangela mariann marianne mariano mariarosa maribel maricarmen maricica marie marie-christine marie-claude marie-france marie-louise marieke
marielle marija marijan marijana marijke marika mariko marilyn marina marine marinko marino mario mariola marion marisa mariska marisol marissa marit
marius mariusz marjan marjana marjatta marjo marjolein marjorie marjut markku marko markus markéta marlena marlene marlies marloes marsha marshall
marta martha martijn martin martina martine martta martyna marvin marwa marwan mary maryam maryla marzena masahiro masaki masako masami masao masaru
masashi masato masoud masoumeh massimiliano massimo matan matej mateja mateo mateus mateusz matheus mathew mathias mathieu mathilde mathis mathéo
matija matilde matjaž mato matt matteo matthew matthias matthildur matti mattia mattias matvey matías matěj maud maura maureen mauri maurice mauricio
maurizio mauro maurício maxence maxim maxime maximilian maxine maya mayumi maël maëlys małgorzata mechthild medhanie meena meera meeri mees megan
megha meghan megumi mehari mehdi mehmet mehran mehrdad mehret mei meike meiling meindert meir meirion mekonnen melanie melek melike melina melinda
melissa melle melody meltem melvin menachem menna menno mercedes mere meredith merel mererid merete merhawi merja meron mert merve mervi meryem mesfin
mesut metin metka mette mhairi mi-kyung mi-sook mia michael michaela michail michal michał michel michela michele michelle michiko michèle midori
mieczysław mieczysława mieke miep miguel miha mihael mihaela mihai mihail mihajlo miho mihret mihály mika mikael mikaere mike mikhail mikkel mikko
miklós mikołaj milada milagros milan milana mildred milena milenko milica milivoj milka milla milorad miloslav miloš milton miluše mimmo mimoza min-ji
min-jun min-soo mina minako mindy mine mineko ming minh minna minnie minoo minoru mira miranda mircea mireille mirela mirella miriam mirja mirjam
mirjana mirjeta mirka mirko mirna miroslav miroslava mirosław mirosława mirva misaki misty mitchell mitja mitra mitsuko mitsuo miyuki mizuki mladen
mogens mohamed mohammad mohammed mohan mohit mohsen moira moisés mojca mojgan mojtaba molly momoko mona monica monika monique montserrat morag
mordechai morena morfydd morgan morgane moritz morris morten morteza moshe mouna mounir mourad mousa moussa moustafa movsar mpho muhammad muhammet
muireann mukesh mukul mulugeta muna munir murad murat murdo muriel murilo musa muslim mustafa myfanwy mykhailo mykola mykyta mylène myra myrtle máire
már márcia márcio mária mário márk márta márton mártonka mátyás máté mélanie mónika mônica møyfrid mădălina nabil nabila nada nadezhda nadia nadine
nadir nadja nadège naděžda naftali nahid naim najat naji najib najwa nam nancy nandini naoki naoko naomi naoto nardos narendra naresh narges nasrin
nasser natalia natalie nataliia nataliya natalya natasha nataša nathalie nathan nathaniel natsuki natália naveen nawal nayef nazanin nazlı nebojša
necati nechama neda nedeljko neelam neeraj negar negash neha neil nektarios nele nellie nelson nenad nerea nerys neslihan nesrin neusa neva nevena
nevenka ngaio ngoc nguyen nhung nia niall niamh nicholas nichole nicola nicolas nicole nicoleta nicoletta nicolás nicolò nicu niek niels nienke nieves
nigel nihal nihat niilo niina nika nikau nikhil nikita niklas niko nikola nikolai nikolaj nikolaos nikolay nikolett nikoletta nikolina nikos nilesh
nilgün niloofar niloufar nils nima nina ning ninon nir nirmala nisha nisreen nitin nitzan nives nkechi nkiruka nkosana nnamdi nneka nnenna noah noam
nobuko nobuo nobuyuki noel noelia noga noha nolwenn nonso noor noora nooshin nora norbert noriko norio norma nosipho nour noura noémi noémie nuha nuno
nunzia nunzio nur nuray nurcan nurettin nuri nuria nwachukwu nádia nándor níels nóra oana obinna obioma octavian océane oda odd oddny oddur oddvar
odette odile ofir ogechi ognjen ognjenka ohad oisín okan okechukwu okonkwo oksana ola olabisi oladele olaf olamide olanrewaju olav olavi olayinka
oldřich ole oleg oleh oleksandr oleksandra oleksiy olena olesya olga oliver olivia olivier oliwia olli ollie olof oluchi oluf olufemi olumide olusegun
oluwaseun oluwatobi olwen olívia omaima omar omid ondrej ondřej onni onur onyeka onyekachi onyinyechi oona orazio oren oreste orhan oriol orit orjan
orla orly ornella orri orsolya orville osama osamu oscar osita oskar osman otakar othman ottavio otto ottó otávio ousmane outi ovidiu owain owen ozan
paavo pablo padma padraig paige pallavi palle paloma pam pamela panagiota panagiotis pankaj panna paola paolo paraskevi parisa parul parvin parviz
pascale pascual pasi pasquale patrice patricia patricio patrick patrik patrizia patrycja patryk patrícia patsy patti patty paul paula paulette pauli
paulien paulina pauline paulo pavao pavel pavla pavle pavlos pavlína paweł pearlie peder pedro peer peggy pejman pekka pelin pelle pentti per-erik
per-olof percy pernille perry pertti petar pete peter petimat petr petra petre petri petro petronella petros petru petteri pető peyman phil philip
philippe phillip phoebe phong phuc phuong phyllis piera pierluigi piero pierre pierrick piet pieter pietro piia pilar pim pinchas ping piotr pirjo
pirkko piroska polina pontus pooja pooya poppy pouya prabhakar pradeep prakash pramod pranav pranvera prasad prashant pratibha praveen preben predrag
preeti prem preston primož priscila priscilla priya priyanka przemysław puck punita purificación pushpa pádraig pál páll pálmi päivi péter pétur pınar
přemysl qasim qendrim qiang qing quan quang quentin quoc quynh rabab rachael rachel rachid rachida rade radek radha radim radka radmila rado radojka
radomír radosław radovan radu raed rafael rafaela rafał raffaele raffaella rafi rafik raghad raghav ragna ragnar ragnheiður ragnhild rahul rahwa
raimondo raimunda raimundo rainer raisa raj raja rajat rajeev rajendra rajesh rajiv rajko rajmund rajni raju rakel rakesh ralf ralph raluca ram raman
ramazan ramesh rami ramin ramiro ramon ramona ramzan ramón rana randall randy rangi rania ranjit ranko raoul raphaël raquel rareș rasha rashid rashmi
rasmus ratko rauha raul rauno ravi ravindra rayan raymond raymonde raúl rebecca rebeka recep reem regiane regina reginald reidar reijo reiko reima
reinaldo reiner reinhard reinhold reino rekha remedios remigiusz remo renan renata renate renato renaud renee rens renu renzo rené reshma reyhaneh
reynir reza rezső rhian rhiannon rhodri rhona rhonda rhydian rhys rianne ricardo riccardo richard richarda rick ricky rida riikka riitta rik rika
rikke rim rinaldo rinor rinske risto rita ritu ritva rivka riyad roald roar robbie robel robert roberta roberto robiel robin robyn rocco rocío roddy
rodica rodney rodolfo rodrigo roelof rogelio roger rogério rohan rohit rok roland rolf romain romana romane romano romeo ronald ronaldo rong roni
ronit ronnie roope roos rory rosa rosalie rosalinde rosalía rosana rosanna rosaria rosario roselyne rosemarie rosemary roshan rosie ross rossana
rossella rostislav rostyslav roswitha rosângela roxana roxanne roy roya rozália rrezarta ruairí ruben rubén rudi rudolf rufaro rufus ruggero rui
rukiye runar rune rupa ruprecht ruslan ruslanbek rut ruta ruth ruud ruy ružica ryan ryo ryoko ryota ryszard ryuichi régine régis réka rémi rémy róbert
róisín rósa rúnar rüdiger răzvan rıza růžena saad saara saba sabah sabina sabine sabrina sacha sachiko sachin sadako sade sadie sadik sadık saeed
saeedeh safa sagi sahar sahil said saida saija saku sakura salah salambek saleh salem saliha salim sally salma salman salome salomé salvador salvatore
salwa sam samah saman samantha samar samara sameer sami samia samir samira sampo samrawit samuel samuele samuli sana sanaz sanda sandeep sander sandi
sandra sandrine sandro sang-hoon sangeeta sanja sanjana sanjay sanjeev sanna sanne santeri santiago santo santos santosh saoirse sapir sapna sara
sarah sari sarita sarolta saskia satish satoko satomi satoru satoshi satu saurabh saverio savita sawsan sayaka sayed sayuri saša scott seamus sean
sebahattin sebastiaan sebastian sebastião seda sedat seema segun seija seiji sekou selam selim selin selma selçuk sem sema semere semra semyon senait
senay senka seo-yeon seo-yun seonaid sepideh seppo serap serdar serena serge sergei sergey sergio serhat serhii serhiy serkan serpil setareh seth
setsuko seun seung-hyun sevda sevgi sevim sevinç sezen seán shadi shahin shahla shahram shahrzad shai shaimaa shaked shalini shalom shamil shan shane
shankar shannon shanti sharad sharareh shari sharon shashi shaul shaun shawn sheetal sheila shelby shelia shelley shelly sheri sherif sherri sherry
sheryl shideh shigeki shigeru shikha shilpa shimon shinichi shinji shinobu shiori shira shirin shirley shivani shizuka shizuko shkelqim shlomi shlomo
shmuel sho shobha shoji shona shoshana shota shovda shpend shpresa shqipe shreya shruti shubham shun shunsuke shweta sian sibel sibusiso sibylle
siddharth sidney siebe siegfried sifiso sigbjørn sigfús sighvatur sigmar sigmundur signe signhild signý sigrid sigríður sigrún sigtryggur sigurbjörg
sigurbjörn sigurd sigurjón sigurlaug sigursteinn sigurður sigvaldi siham siiri silja silje silke silvana silvano silvestro silvia silvie silviu simen
simin simisola simon simona simone simonne simret simão sina sinan sindri sine sinikka siniša sinéad siobhan siobhán sioned sipho siri sirkka sirpa
sisko sita siv sixten siân sjaak sjoerd sjors skender slavica slavko slađana slimane smita sneha snežana snježana snorri snæbjörn so-yeon sofia sofie
sofiia sofía soheil soheila soile sointu solange soledad solfrid solomiya solveig solyana solène somayeh somto sonal sonali songül sonia sonja sonya
soo-jin sophia sophie soraya sorcha sorin sorina sosina sotiria sotirios souad soufiane soumia soňa spencer spomenka spyridon spyros sredoje srđan
stacey stacy staffan stana stanislav stanislava stanisław stanisława stanko stanley stavros stefan stefania stefanie stefano stefanía steffen stefán
stein steinar steingrímur steinn steinunn stela stelios stella stepan stephanie stephen stevan steve steven stewart stig stijn stina stine stipe
stjepan stojan struan stuart sture stylianos styrmir ståle stéphane stéphanie su-bin subhash sudha sudhir suha suhail sujata sulim sultan suman sumiko
sumit sung-ho sung-min sunil sunita sunniva suraj surendra suresh susan susana susann susanna susanne sushil sushma susie susumu suus suvi suzan
suzana suzanne suzette svala svandís svanhildur svante svatava svatopluk svavar svein sveinbjörn sveinn sven svenja sverre sverrir svetlana svitlana
swati sylvain sylvaine sylvia sylvie sylwester sylwia synnøve szabina szabolcs szczepan szebasztián szilveszter szilvia szilárd szonja szymon szófia
sándor sára sæmundur sævar séamus sébastien sérgio séverine símon sóley sólrún sólveig sónia sônia søren süleyman sławomir tabitha tadashi tadej
tadeusz tadhg tafari tage taha tahani tahar tahereh taichi taina taisiya taisto takahiro takako takao takashi takayuki takeo takeshi takuma takumi
takuya tali talia tam tamar tamara tamati tamerlan tamiko tammy tamás taneli taner tanja tanvi tanya tapani tapio tapiwa tara taraneh taras tarek
tareq tariq tarja tarmo taro tarun tarık tasha tatenda tatiana tatjana tatsuo tatsuya tatyana tauno tea ted teemu tegan tegid teija teitur tekla tekle
telma temesgen temitope tena tendai teodor teodora teodoro teppo terence teresa teresinha tereza terhi terje tero terrance terrence terri terry terttu
teréz teréza tesfalem tesfay tetiana tetsuo tetsuya tetyana teun teunis teuta tewelde thabo thanasis thandi thandiwe thanh thao thaís thea thelma
themba theo theodor theodora theodore theodoros theresa therese thi thiago thibault thibaut thierry thijmen thijs thilo thomas thor thora thorben
thorbjørn thorsten thorvald thu thulani thuy théo thérèse tiago tibor tien tiffany tigist tihamér tihana tihomir tiia tiina tijmen tilda tilo tim timo
timofey timothy timothée timur tin tina tineke tinna tiril titus tivadar tiziana tiziano tjaša tjeerd toan tobechukwu tobias toby tochukwu todd toini
toivo tolga toluwani tom tomasz tomer tomislav tommaso tommi tommy tomohiro tomoko tomomi tomás tomáš tone toni tonje tonya topi tor torbjörn torbjørn
tord tore torgeir torgny torild torleif tormod torsten toru torunn toshiko toshio toshiyuki tova tracey traci tracy traian trang traudel travis trevor
tricia trine trinh tristan trond trong troy truc trude trung truus tryggvi trygve tsegay tsehay tsige tsutomu tsuyoshi tuan tuba tudor tudur tui tuija
tullio tuncay tunde tung tuomas tuomo turan turgut turid turki turpal tushar tuula tuulikki tuyet tuğba tyler tyrone tytti tyyne tzipora tzvi tânia
tímea tómas tünde tănase uche uchechi uchenna uday udo ufuk ugo ugochi ugonna ulf uli ulla ulla-maija ulrich ulrik ulrike uma umar umberto umeko umesh
umut una unni unnur unto urban urho uri uriel uroš urpo ursula urszula urška usha usman uta ute uuno uwe uzoma uğur vaclav vadim vahid vaishali vakha
vala valbona valdete valdimar valentin valentina valentine valentyna valeria valerie valerio valery valgerður valon valur valéria valérie vanda
vandana vanessa vanja vappu varun varvara vasant vasco vasile vasileios vasilije vasiliki vasiliy vasily vassilis vasyl veena veera vegard veijo
veikko velimir vendel vendula veniamin venkatesh vera verena verna vernon veronica veronika vesa veslemøy vesna vianney vibeke vibha vicente vicki
vickie vicky victoire victoria vid vida vidar vidya viet vigdis vigdís viggo viivi vijay vikas vikram viktor viktoria viktoriya viktória vilborg vilde
vilhjálmur vilho viliam ville vilmos vilém vimal vinay vince vincent vincenzo vineet vinh vinita vinka vinko vinod vinícius viola violet violeta
viorel viorica vipin vipul virendra virgil virgilio virginie virpi virág vishal vitaliy vitaly vito vittoria vittorio vitória vivek vivian viviana
viviane vivien vjekoslav vjollca vjosa vlad vladan vladimir vladimír vladimíra vladislav vladlen vlado vlasta vlastimil vlatka voitto vojislav vojtěch
volkan volker volodymyr vratislav vsevolod vuk vuong vyacheslav václav vânia väinö véronique víctor vít vítor vítězslav víðir věra wacław wacława wael
wafa wafaa wagner walburga waldemar waleed walid wallace walmir walter waltraud wanda wanjiku wanjiru warda warren wassim wataru wayne wei wellington
wen wenche wendy werner weronika wesley wessel whetu widad wiebe wiebke wiesław wiesława wijnand wiktor wiktoria wilbur wilfried wilhelm willard
willeke willem william willie wilma wim wincenty winifred winta wiremu witold wojciech wolfgang wolfram woo-jin wouter wyn wytske władysław władysława
włodzimierz xavier xavière xhevdet xiang xiao xiaoming ximena xin xiu xuan yaa yaakov yael yafet yago yahya yair yakha yakov yalda yan yana yang yann
yannick yannis yara yaron yaroslav yaryna yasemin yaser yash yasin yasmin yasmine yasser yassine yasuhiro yasuko yasuo yavuz yağmur ye-jin yebio yegor
yehuda yehudit yekaterina yelena yeliz yen yeon-hee yesenia yetunde yevgeny yevhen yigal ying yinka yirgalem yishai yisrael yitzhak yiğit yngve yogesh
yohana yohannes yoichi yoko yolanda yonas yonatan yong yoram yordanos yosef yoshiaki yoshie yoshiko yoshio yossi yosuke younes young-hee young-jae
young-soo yousef youssef yrsa yuan yui yuichi yuka yukari yuki yukiko yukio yulia yuliia yuliya yumi yumiko yun yunus yuri yuriy yusuf yusuke yutaka
yuto yuval yves yvette yvon yvonne yıldız yılmaz zacarías zacharias zachary zahra zaid zainab zaira zakaria zaki zamfir zamira zanele zara zarema
zaurbek zbigniew zbyněk zdenka zdeněk zdeňka zdravko zdzisław zdzisława zeev zehra zeinab zeki zeliha zelimkhan zenon zerai zeresenay zerrin zeynep
zhanna zhen zhila zhiwei zhong ziad zikora zinaida zineb zita ziv ziya zlata zlatko zodwa zoe zofia zohra zohreh zoi zoltán zora zoran zorica zorka
zoya zoé zsigmond zsolt zsombor zsuzsa zsuzsanna zsófia zuhair zulai zulikhan zuzana zuzanna zvonimir zvonko zygmunt ágnes ágota ágústa ákos álvaro
ángela ángeles árni árpád ásdís ásgeir áslaug ásta åge åke åsa åse ægir ævar çağlar édith édouard élise élodie éloïse émeline émile émilie éric érica
étienne éva évelyne íris ísak ólafur óli ólöf órla óscar ósk óskar ögmundur örn össur östen özge özgür özlem øivind ørjan øystein øyvind úlfar úlfur
ünal ýmir þorbjörg þorbjörn þorgeir þorkell þorlákur þormóður þorsteinn þorvaldur þráinn þröstur þóra þórarinn þórdís þórey þórhallur þórir þórunn
þórður ćiril čeněk đorđe đuro ľubica łucja łukasz şahin şebnem şeyma şükran štefan štefica štěpán štěpánka šárka žana žaneta žarko željka željko živko
ștefan ștefania
`;

/** Of these, the ones that are at least as often something else in a text: on their own they say nothing. */
export const ambiguousGivenNames = `
abdul adam ahti aki alba alem ali alice amal amar amara andy ari arja armi arta asha aurora avi aviv axel bahar bao barry bart bas basel bengt bento
besa bharat binh blake bola bonnie boris borja brandy branka brent brooke bruno bryce bryn burim carlos carmen casey cees cem chandler chandra charlie
charlotte chelsea chris christian christy chun cindy claude clayton clifton clyde coen constance consuelo cor courtney curtis cvijeta daisy dana
desiree dewi diana diego dino dolores domingo dominic dominique drago dung duško edgar eino eli ella els elsa ema emma ensio enzo ere esa esperanza
euan evan ewa felix fidel flamur floor florence floyd franco freya frits gaia galit gaston gema gentian gil gilbert gino gloria gordon grazia greta
guadalupe gustav guus haile hajime hana hao harm harmen hazel heather hector helena henny holly hong howard hugo hui hung huong ida imogen inga inka
iris iskra isla jaap jagoda jan jantje jasmine jasna jasper jay jaya jean jerry jia jian jing jos julia julian jun justin kai kaja kari kati kees
keijo khanh kim kiran kirk koos krishna kumar lama lana lara laura lawrence lech lee lei leigh leo lia lien lies lina linda ling linh liv loan loris
lotte luan lule lynn maja maki mara marc marcel marco maria marina mario marion marshall martha martin mato maya mees mei melle melody mercedes merel
mia midori mika milan milka milla milton mimoza mina ming minh miranda mirka mirva misty mitra mona morgan morris nam nelson neva nieves nika nina
ning nir nitzan noel noga noor nora norma oda odd ola ole onni oona oren oscar otto outi owen paavo paige pasi pauli pearlie peer pelle percy perry
pete petri phong pilar pim ping poppy prem preston puck qiang qing quan rade raj ram rana randy rauha remedios rens rik rika rim robin rocco rok romeo
rong roos rory rosa ross roy rufus runar rune ruth ryo sade sakura salem sally salvador sam sami sampo sana sanja sanne santo santos sapir sara sari
satu scott sean sem senka shalom shan shannon shelby shelly sherry sho shun sidney signe signhild silvia simone sina sointu spencer stana stein stella
stewart stig stuart sultan suvi svein tadashi tam tapio tara taro tea ted teija tero teun teuta thi thu tien tiina tim tin toan toby toivo tom tone
toni tor tore toru tova tracy trang travis troy truus tui tuija tung tyler uma umar umeko una unto urban urho usha ute vala vanja vera vernon vesa
victoria vid vida viet ville vinh viola violet virpi vito vlasta voitto warren wayne wei wen wesley wiebe wim xavier xiang xiao xin xiu yan yang yen
ying yong yuan yuki yun yuri zara zenon zhen zhong zita ziv zlata zora
`;
