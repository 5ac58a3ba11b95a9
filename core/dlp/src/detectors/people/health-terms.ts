/** Substances and diagnoses as physicians write them. All in lower case. */
import { list } from './letters.ts';

/** International nonproprietary names (WHO) that are often prescribed, and a few brands. */
export const substances: readonly string[] = list(`
acetaminophen|paracetamol|ibuprofen|aspirin|naproxen|diclofenac|celecoxib|meloxicam|tramadol|oxycodone|hydrocodone|morphine|fentanyl|codeine|methadone|buprenorphine|naloxone|gabapentin|pregabalin
|metformin|insulin|glipizide|glimepiride|sitagliptin|empagliflozin|dapagliflozin|semaglutide|liraglutide|pioglitazone|atorvastatin|simvastatin|rosuvastatin|pravastatin|ezetimibe|fenofibrate
|lisinopril|enalapril|ramipril|losartan|valsartan|candesartan|olmesartan|amlodipine|nifedipine|diltiazem|verapamil|metoprolol|atenolol|bisoprolol|carvedilol|propranolol|hydrochlorothiazide|furosemide|torasemide
|spironolactone|clonidine|hydralazine|digoxin|amiodarone|warfarin|apixaban|rivaroxaban|dabigatran|edoxaban|clopidogrel|ticagrelor|enoxaparin|heparin|nitroglycerin|isosorbide|omeprazole|pantoprazole|esomeprazole
|lansoprazole|ranitidine|famotidine|ondansetron|metoclopramide|loperamide|mesalamine|levothyroxine|methimazole|prednisone|prednisolone|methylprednisolone|dexamethasone|hydrocortisone|budesonide|fluticasone
|albuterol|salbutamol|salmeterol|formoterol|tiotropium|ipratropium|montelukast|cetirizine|loratadine|fexofenadine|diphenhydramine|amoxicillin|ampicillin|penicillin|azithromycin|clarithromycin|erythromycin
|doxycycline|minocycline|ciprofloxacin|levofloxacin|moxifloxacin|cephalexin|cefuroxime|ceftriaxone|clindamycin|vancomycin|metronidazole|nitrofurantoin|trimethoprim|sulfamethoxazole|fluconazole|acyclovir|valacyclovir
|oseltamivir|tenofovir|emtricitabine|dolutegravir|efavirenz|lamivudine|sofosbuvir|sertraline|fluoxetine|citalopram|escitalopram|paroxetine|venlafaxine|duloxetine|bupropion|mirtazapine|trazodone|amitriptyline
|nortriptyline|alprazolam|lorazepam|diazepam|clonazepam|temazepam|zolpidem|zopiclone|quetiapine|olanzapine|risperidone|aripiprazole|haloperidol|clozapine|ziprasidone|lithium carbonate|valproate|lamotrigine|levetiracetam
|carbamazepine|phenytoin|topiramate|methylphenidate|lisdexamfetamine|atomoxetine|donepezil|memantine|levodopa|carbidopa|pramipexole|ropinirole|sumatriptan|rizatriptan|baclofen|cyclobenzaprine|tizanidine|allopurinol|colchicine
|methotrexate|hydroxychloroquine|azathioprine|adalimumab|etanercept|infliximab|rituximab|trastuzumab|pembrolizumab|bevacizumab|tamoxifen|letrozole|anastrozole|cyclophosphamide|cisplatin|carboplatin|paclitaxel|docetaxel
|doxorubicin|imatinib|tacrolimus|cyclosporine|mycophenolate|alendronate|finasteride|tamsulosin|sildenafil|tadalafil|oxybutynin|ethinylestradiol|levonorgestrel|estradiol|testosterone|medroxyprogesterone|isotretinoin
|metamizol|novalgin|ozempic|lantus|humalog|lipitor|xarelto|eliquis|prozac|zoloft|xanax|ritalin|adderall|humira|keytruda|truvada
`);

/** Diagnoses and findings, in English, German, French, Spanish, Italian and Portuguese. */
export const diagnoses: readonly string[] = list(`
hypertension|hypotension|hyperlipidemia|hypercholesterolemia|type 2 diabetes|type 1 diabetes|diabetes mellitus|gestational diabetes|hypothyroidism|hyperthyroidism|asthma|copd|emphysema|pneumonia|bronchitis
|tuberculosis|pulmonary embolism|deep vein thrombosis|atrial fibrillation|heart failure|myocardial infarction|coronary artery disease|angina pectoris|cardiomyopathy|stroke|transient ischemic attack|epilepsy|seizure disorder
|migraine|multiple sclerosis|parkinson's disease|alzheimer's disease|dementia|depression|major depressive disorder|bipolar disorder|schizophrenia|anxiety disorder|post-traumatic stress disorder|obsessive-compulsive disorder|adhd|autism
|anorexia nervosa|bulimia|substance abuse|alcohol dependence|opioid use disorder|suicidal ideation|breast cancer|lung cancer|prostate cancer|colorectal cancer|melanoma|leukemia|lymphoma|carcinoma|metastatic|chemotherapy|radiotherapy
|hiv|hiv positive|aids|hepatitis b|hepatitis c|syphilis|gonorrhea|chlamydia|herpes simplex|covid-19 positive|sepsis|cellulitis|urinary tract infection|pyelonephritis|chronic kidney disease|renal failure|dialysis|cirrhosis|pancreatitis
|cholecystitis|appendicitis|crohn's disease|ulcerative colitis|gastroesophageal reflux|peptic ulcer|irritable bowel syndrome|celiac disease|anemia|sickle cell|hemophilia|rheumatoid arthritis|osteoarthritis|osteoporosis|lupus|psoriasis
|eczema|gout|fibromyalgia|endometriosis|miscarriage|abortion|preeclampsia|infertility|menopause|glaucoma|cataract|macular degeneration|cystic fibrosis|down syndrome|muscular dystrophy|sleep apnea|obesity|malnutrition|anaphylaxis
|bluthochdruck|diabetes typ|herzinsuffizienz|vorhofflimmern|herzinfarkt|schlaganfall|epilepsie|depressive episode|schizophrenie|mammakarzinom|bronchialkarzinom|niereninsuffizienz|leberzirrhose|rheumatoide arthritis|schwangerschaft|bandscheibenvorfall
|infarctus|insuffisance cardiaque|cancer du sein|accident vasculaire|grossesse|asthme|hypertension artérielle|tumeur|insuffisance rénale|dépression|diabète
|hipertensión|insuficiencia cardíaca|cáncer de mama|accidente cerebrovascular|embarazo|insuficiencia renal|tuberculosis pulmonar|depresión mayor|ipertensione|infarto miocardico|insufficienza renale|gravidanza|hipertensão|gravidez
`);

/** That a text speaks of someone who is treated. */
export const patientWords: readonly string[] = list(`
patient|mrn|medical record|admitted|discharged|prescribed|diagnosed|presents with|complains of|history of|physician|clinic|hospital|date of birth|dob|follow-up visit|chief complaint|treatment plan|dosage|nurse
|patientin|versicherte|aufnahme|entlassung|anamnese|verordn|hausarzt|klinik|krankenhaus|diagnose|le patient|la patiente|hospitalis|ordonnance|médecin|paciente|ingresado|médico|paziente|ricoverat|medico|diagnosi|diagnós
`);
