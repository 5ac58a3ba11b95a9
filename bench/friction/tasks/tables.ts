/** Tables out of tables. */
import type { Task } from '../task.ts';

const tables = {
  area: 'tables',
  profile: 'spreadsheet-synthesis',
  needs: ['python3'],
  settings: ['programs=~/.local/robot'],
} as const;

const figures = String.raw`mkdir -p ~/Documents/Sales ~/Documents/Spreadsheets
python3 - <<'END'
import os, zipfile
home = os.path.expanduser('~/Documents/Sales')
for month in range(1, 13):
    with open(f'{home}/sales-{month:02}.csv', 'w') as f:
        f.write('day,region,amount\n')
        for day in range(1, 29): f.write(f'{day},{"north" if day % 2 else "south"},{day * month}\n')
rows = ''.join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>{n * n}</v></c></row>' for n in range(1, 31))
with zipfile.ZipFile(f'{home}/plan.xlsx', 'w') as z: z.writestr(zipfile.ZipInfo('xl/worksheets/sheet1.xml', (2023, 1, 1, 0, 0, 0)), f'<worksheet><sheetData>{rows}</sheetData></worksheet>')
with zipfile.ZipFile(f'{home}/plan.ods', 'w') as z: z.writestr(zipfile.ZipInfo('content.xml', (2023, 1, 1, 0, 0, 0)), '<t>' + ''.join(f'<r><c>{n}</c></r>' for n in range(20)) + '</t>')
END
`;

export const sheets: readonly Task[] = [
  {
    ...tables,
    name: 'merge-csv',
    title: 'twelve months of CSV become one table with sums, and a chart in SVG',
    setUp: figures,
    run: {
      python: String.raw`import csv, glob, os, statistics
from collections import defaultdict
home = os.path.expanduser('~/Documents')
sums = defaultdict(int); values = []
for path in sorted(glob.glob(f'{home}/Sales/*.csv')):
    with open(path, newline='') as f:
        for row in csv.DictReader(f):
            sums[(os.path.basename(path)[6:8], row['region'])] += int(row['amount']); values.append(int(row['amount']))
with open(f'{home}/Spreadsheets/year.csv', 'w', newline='') as f:
    w = csv.writer(f); w.writerow(['month', 'region', 'amount']); w.writerows([m, r, n] for (m, r), n in sorted(sums.items()))
with open(f'{home}/Spreadsheets/chart.svg', 'w') as f:
    f.write('<svg xmlns="http://www.w3.org/2000/svg">' + ''.join(f'<rect x="{i * 10}" width="9" height="{n / 30}"/>' for i, n in enumerate(sums.values())) + '</svg>')
print(sum(values), round(statistics.stdev(values), 3))
`,
    },
    leaves: ['Documents/Spreadsheets/year.csv', 'Documents/Spreadsheets/chart.svg'],
  },
  {
    ...tables,
    name: 'xlsx',
    title: 'an Excel sheet is read, computed with, and written as a new one',
    setUp: figures,
    run: {
      python: String.raw`import os, zipfile
import xml.etree.ElementTree as E
home = os.path.expanduser('~/Documents')
with zipfile.ZipFile(f'{home}/Sales/plan.xlsx') as z: root = E.fromstring(z.read('xl/worksheets/sheet1.xml'))
rows = [[int(v.text) for v in r.iter('v')] for r in root.iter('row')]
text = ''.join(f'<row><c><v>{a}</v></c><c><v>{b / a}</v></c></row>' for a, b in rows)
with zipfile.ZipFile(f'{home}/Spreadsheets/.new.xlsx', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr(zipfile.ZipInfo('xl/worksheets/sheet1.xml', (2023, 1, 1, 0, 0, 0)), f'<worksheet><sheetData>{text}</sheetData></worksheet>')
os.rename(f'{home}/Spreadsheets/.new.xlsx', f'{home}/Spreadsheets/ratio.xlsx')
print(len(rows))
`,
    },
    leaves: ['Documents/Spreadsheets/ratio.xlsx'],
  },
  {
    ...tables,
    name: 'ods-database',
    title: 'an OpenDocument sheet and CSV are joined in a scratch database, and written as TSV',
    setUp: figures,
    run: {
      python: String.raw`import csv, os, re, sqlite3, tempfile, zipfile
home = os.path.expanduser('~/Documents')
with zipfile.ZipFile(f'{home}/Sales/plan.ods') as z: plan = [int(n) for n in re.findall(r'<c>(\d+)</c>', z.read('content.xml').decode())]
with tempfile.TemporaryDirectory() as folder:
    db = sqlite3.connect(f'{folder}/t.db')
    db.execute('create table s(day int, region text, amount int)'); db.execute('create table p(day int)')
    with open(f'{home}/Sales/sales-03.csv') as f: db.executemany('insert into s values (?, ?, ?)', list(csv.reader(f))[1:])
    db.executemany('insert into p values (?)', [(n,) for n in plan]); db.commit()
    rows = db.execute('select day, amount from s join p using (day) order by day').fetchall()
    db.close()
with open(f'{home}/Spreadsheets/joined.tsv', 'w') as f: f.writelines(f'{a}\t{b}\n' for a, b in rows)
print(len(rows))
`,
    },
    leaves: ['Documents/Spreadsheets/joined.tsv'],
  },
];
