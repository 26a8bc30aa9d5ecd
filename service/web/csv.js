// Tables of a spreadsheet: RFC 4180, with commas, semicolons or tabs between the cells.

/**
 * @typedef {object} Table
 * @property {string} name of the file
 * @property {string} text as it was read
 * @property {string[]} head names of the columns, small letters, words joined by _
 * @property {{cells: string[], line: number}[]} rows with the line of the file on which each begins
 * @property {boolean} commaIsDecimal whether 1,5 is one and a half here
 */

/**
 * @param {string} text
 * @param {string} name
 * @returns {Table}
 */
export function readTable(text, name) {
  const body = text.replace(/^\ufeff/, "");
  const first = body.slice(0, (body + "\n").search(/[\r\n]/));
  const mark = [";", "\t", ","].find((sign) => first.includes(sign)) ?? ",";
  const rows = rowsOf(body, mark).filter((row) => row.cells.some((cell) => cell !== ""));
  const head = (rows.shift()?.cells ?? []).map((cell) => cell.toLowerCase().replace(/[\s-]+/g, "_"));
  return { name, text: body, head, rows, commaIsDecimal: mark !== "," };
}

/**
 * @param {string} text
 * @param {string} mark
 */
function rowsOf(text, mark) {
  /** @type {{cells: string[], line: number}[]} */
  const rows = [];
  /** @type {string[]} */
  let cells = [];
  let cell = "";
  let quoted = false;
  let [line, begun] = [1, 1];
  const endRow = () => {
    cells.push(cell.trim());
    rows.push({ cells, line: begun });
    [cells, cell] = [[], ""];
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === "\n") line++;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (sign === '"' && cell.trim() === "") {
      [quoted, cell] = [true, ""];
    } else if (sign === mark) {
      cells.push(cell.trim());
      cell = "";
    } else if (sign === "\n") {
      endRow();
      begun = line;
    } else if (sign !== "\r") {
      cell += sign;
    }
  }
  if (cell !== "" || cells.length) endRow();
  return rows;
}

/**
 * A number as a spreadsheet writes it; NaN where it is none.
 * @param {string} cell
 * @param {boolean} commaIsDecimal
 */
export function numberOf(cell, commaIsDecimal) {
  const plain = commaIsDecimal ? cell.replace(",", ".") : cell;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

/**
 * A local date-time YYYY-MM-DDTHH:MM from how spreadsheets write one (also DD.MM.YYYY HH:MM); empty where it is none.
 * @param {string} cell
 */
export function dateTimeOf(cell) {
  const iso = /^(\d{4})-(\d{2})-(\d{2})[T ]+(\d{1,2}):(\d{2})(:00)?$/.exec(cell);
  const european = /^(\d{1,2})\.(\d{1,2})\.(\d{4})[T ]+(\d{1,2}):(\d{2})(:00)?$/.exec(cell);
  const parts = iso ? iso.slice(1, 6) : european ? [european[3], european[2], european[1], european[4], european[5]] : null;
  if (!parts) return "";
  const [year, month, day, hour, minute] = parts.map((part) => part.padStart(2, "0"));
  const text = `${year}-${month}-${day}T${hour}:${minute}`;
  const moment = Date.parse(`${text}Z`);
  return Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 16) !== text ? "" : text;
}
