/** Labels of rows and columns of financial tables, in English, German, French, Spanish, Italian and Dutch. In lower case. */
import { list } from './letters.ts';

export type TableKind = 'statement' | 'payroll' | 'budget' | 'invoice';

export const tableWords: Readonly<Record<TableKind, readonly string[]>> = {
  statement: list(`
revenue|revenues|total revenue|net revenue|net sales|cost of revenue|cost of sales|cost of goods sold|gross profit|gross margin|operating expenses|operating income|operating profit|operating loss|ebitda|adjusted ebitda|ebit
|research and development|selling, general and administrative|depreciation|amortization|depreciation and amortization|interest expense|income tax expense|income taxes|net income|net loss|net profit|earnings per share|diluted eps|basic eps
|total assets|current assets|total current assets|cash and cash equivalents|accounts receivable|inventory|inventories|property, plant and equipment|goodwill|intangible assets|total liabilities|current liabilities|accounts payable|long-term debt|deferred revenue
|retained earnings|shareholders' equity|stockholders' equity|total equity|cash flow from operations|operating cash flow|net cash provided by operating activities|capital expenditures|free cash flow|dividends paid
|umsatzerlöse|umsatz|herstellungskosten|bruttoergebnis|materialaufwand|personalaufwand|abschreibungen|betriebsergebnis|jahresüberschuss|jahresfehlbetrag|bilanzsumme|anlagevermögen|umlaufvermögen|eigenkapital|verbindlichkeiten|rückstellungen|forderungen
|chiffre d'affaires|coût des ventes|marge brute|charges d'exploitation|résultat d'exploitation|résultat net|bénéfice net|total actif|actif circulant|actif immobilisé|capitaux propres|dettes|trésorerie|total passif
|ingresos|ventas netas|costo de ventas|coste de ventas|utilidad bruta|beneficio bruto|gastos operativos|utilidad neta|beneficio neto|activo total|total activo|activo corriente|pasivo total|total pasivo|patrimonio neto|flujo de caja
|ricavi|costo del venduto|utile lordo|utile netto|totale attivo|totale passivo|patrimonio netto|crediti|debiti|omzet|nettowinst|brutowinst|totaal activa|eigen vermogen|bedrijfsresultaat
`),
  payroll: list(`
gross salary|gross pay|net pay|net salary|base salary|basic salary|annual salary|monthly salary|salary|bonus|overtime|hourly rate|hours worked|pay period|pay date|withholding|federal tax|state tax|social security|medicare|401k|pension contribution|deductions|employee id|employee no|employee name|employer contribution|year to date|ytd
|bruttogehalt|nettogehalt|bruttolohn|nettolohn|lohnsteuer|solidaritätszuschlag|kirchensteuer|krankenversicherung|rentenversicherung|arbeitslosenversicherung|auszahlungsbetrag|personalnummer|steuerklasse|salaire brut|salaire net|net à payer|cotisations|matricule|csg
|salario bruto|salario neto|sueldo|sueldo base|retenciones|seguridad social|líquido a percibir|nómina|stipendio lordo|stipendio netto|busta paga|brutoloon|nettoloon|loonheffing|salaris
`),
  budget: list(`
budget|actual|actuals|forecast|variance|var %|plan|planned|budgeted|outlook|ytd actual|ytd budget|full year|prior year|previous year|run rate|headcount|capex|opex|plan vs actual|soll|ist|abweichung|planwert|istwert|hochrechnung|vorjahr|budgétisé|réalisé|écart|prévision|presupuesto|real|desviación|previsión|pronóstico
|consuntivo|scostamento|previsione|begroting|begroot|realisatie|afwijking
`),
  invoice: list(`
invoice number|invoice no|invoice date|due date|amount due|balance due|bill to|ship to|payment terms|purchase order|po number|unit price|subtotal|sub-total|vat|vat number|vat id|sales tax|total due|grand total|remit to|net 30|quantity|line total|iban|swift|bank account
|rechnungsnummer|rechnungsdatum|fälligkeitsdatum|zahlbar bis|zahlungsziel|gesamtbetrag|rechnungsbetrag|nettobetrag|bruttobetrag|zwischensumme|mwst|umsatzsteuer|ust-idnr|einzelpreis|menge|numéro de facture|date de facture|date d'échéance|montant dû|total ttc|total ht|montant ht|tva|prix unitaire
|número de factura|fecha de factura|fecha de vencimiento|importe total|base imponible|iva|total a pagar|precio unitario|numero fattura|data fattura|scadenza|imponibile|totale fattura|prezzo unitario|factuurnummer|factuurdatum|vervaldatum|btw|totaalbedrag
`),
};
