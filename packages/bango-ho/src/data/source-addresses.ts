/**
 * The publications the rows were read in, as on 2026-11-22. A name stands where the publication has no
 * stable address.
 */
export const SECOM_PURPOSES = 'https://www.secom.co.jp/business/mynumber/about/purpose-of-use.html';
export const BUSINESS_LAWYERS_PURPOSES = 'https://www.businesslawyers.jp/practices/203';
export const MMA_FAQ = 'https://www.mma-jp.org/faq/';
export const RETIREMENT_SLIPS_2026 = 'https://www.fps-net.com/knowledge/tax/2025/1_7.html';
export const TEES_FAQ = 'https://faq.tees-k.jp/?p=598';
export const DECLARATION_DEADLINES = 'https://mynumber-univ.com/articles/yvdty';
export const DECLARATION_KEEPING = 'https://ar-kawabe.com/blog/dependents-declaration-save';
export const NTA_BOOK_QUOTED = 'https://yf-21.hatenadiary.org/entry/2021/01/05/000000';
export const STATUTORY_SLIPS = 'http://www.xn--pmark-or8h751e.com/mynumber/houteityousyo-2/';
export const DEPENDANT_VERIFICATION = 'https://estyle.r-cms.jp/point/id=52151';
export const KIRICO = 'https://github.com/kufu/kirico';
export const NENKIN_SPEC_16_2 =
  'https://www.nenkin.go.jp/denshibenri/denshishinsei/20210401-2.files/specs080302_16.2.pdf';
export const LABOUR_KEEPING = 'https://www.bridge2n.jp/17602710209955';
export const LABOUR_KEEPING_2 = 'https://estyle.r-cms.jp/topics_detail510/id=53129';
export const LABOUR_KEEPING_3 = 'https://yasu-consul.com/p/14';
export const ACCIDENT_KEEPING = 'https://ngswsr.com/rosai/rousaihozon';
export const INSURANCE_KEEPING = 'http://shikiya-kaikei.com/9-11-1-3241.html';
export const IDENTITY_DOCUMENT_COPIES = 'https://www.zeiken.co.jp/news/274946.php';
export const NTA_VERIFICATION_HANDBOOK = 'https://vdocuments.site/coece-ntagojp-5-c-ifffffi.html';
export const VERIFICATION_GUIDE = 'http://www.xn--pmark-or8h751e.com/mynumber/honnninnkakuninn-6/';
export const PPC_GUIDELINE =
  'https://www.ppc.go.jp/files/pdf/2506_my_number_guideline_jigyosha.pdf';
export const KEEPING_RECORDS = 'https://mynumber-univ.com/?p=270';
export const DISPOSAL_GUIDE = 'https://arte-kigyou.com/page-2262/page-2310';
export const STANDARD_15001_2023 =
  'http://www.three-pro.com/pmark/JIS%20Q%202023/JISq2023%203.html';
export const STANDARD_27701_2025 = 'https://www.iso27001security.com/html/27701.html';
export const ABASHIRI_315 = 'https://expydoc.com/doc/7167626/';
export const LAYOUT_375 = 'https://dokumen.tips/documents/fffeeoeee-cci375.html';
export const RAKUALLY = 'https://github.com/exally-zeroact/rakually-test';
export const ETAX_LAYOUT_NOTES = 'public notes on the e-Tax CSV record layouts';
export const JP_PAYREPORT = 'JpPayreport of chumaltd/luca (column order of record 315)';
