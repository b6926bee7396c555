const FAMILY_NAMES = [
  '佐藤',
  '鈴木',
  '高橋',
  '田中',
  '伊藤',
  '渡辺',
  '山本',
  '中村',
  '小林',
  '加藤',
  '吉田',
  '山田',
  '佐々木',
  '山口',
  '松本',
  '井上',
  '木村',
  '林',
  '斎藤',
  '清水',
  '山崎',
  '森',
  '池田',
  '橋本',
  '阿部',
  '石川',
  '前田',
  '藤田',
  '小川',
  '岡田',
] as const;

const GIVEN_NAMES = [
  '陽菜',
  '蓮',
  '結衣',
  '湊',
  '美咲',
  '大翔',
  '葵',
  '悠真',
  'さくら',
  '健太',
  '直樹',
  '恵',
  '誠',
  '由美',
  '大輔',
  '陽子',
  '翔太',
  '愛',
  '拓也',
  '麻衣',
  '隆',
  '千尋',
  '浩二',
  '明日香',
  '亮',
  '真理子',
  '和也',
  '裕子',
  '修',
  '七海',
] as const;

/** The nth family name of the list, from the beginning again when it is used up. */
export function familyName(n: number): string {
  return FAMILY_NAMES[n % FAMILY_NAMES.length] ?? FAMILY_NAMES[0];
}

/** The nth given name. The stride has no common divisor with the list, so neighbours differ. */
export function givenName(n: number): string {
  return GIVEN_NAMES[(n * 7) % GIVEN_NAMES.length] ?? GIVEN_NAMES[0];
}
