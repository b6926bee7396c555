import type { Role } from '../identity-provider/index.ts';

export const SAMPLE_TENANTS = [
  { tenantId: 't-001', name: '株式会社みなと製作所' },
  { tenantId: 't-002', name: '北浜物流株式会社' },
] as const;

export type SamplePerson = {
  name: string;
  fullName: string;
  roles: readonly Role[];
  tenants: readonly string[];
  trained: boolean;
};

/** One person for every part somebody plays, and operators who differ in one thing each. */
export const SAMPLE_PEOPLE: readonly SamplePerson[] = [
  {
    name: 'operator-1',
    fullName: '佐藤 美咲',
    roles: ['operator'],
    tenants: ['t-001'],
    trained: true,
  },
  {
    name: 'operator-2',
    fullName: '鈴木 大輔',
    roles: ['operator'],
    tenants: ['t-001'],
    trained: false,
  },
  {
    name: 'operator-3',
    fullName: '高橋 陽子',
    roles: ['operator'],
    tenants: ['t-001', 't-002'],
    trained: true,
  },
  {
    name: 'operator-4',
    fullName: '渡辺 直樹',
    roles: ['operator'],
    tenants: ['t-002'],
    trained: true,
  },
  {
    name: 'supervisor-1',
    fullName: '田中 健一',
    roles: ['supervisor'],
    tenants: ['t-001'],
    trained: true,
  },
  {
    name: 'requester-1',
    fullName: '伊藤 さくら',
    roles: ['requester'],
    tenants: ['t-001'],
    trained: true,
  },
  {
    name: 'approver-1',
    fullName: '山本 誠',
    roles: ['approver'],
    tenants: ['t-001'],
    trained: true,
  },
  {
    name: 'approver-2',
    fullName: '中村 由美',
    roles: ['approver'],
    tenants: ['t-001'],
    trained: true,
  },
  {
    name: 'compliance-officer-1',
    fullName: '小林 恵',
    roles: ['compliance-officer'],
    tenants: ['t-001'],
    trained: true,
  },
  { name: 'auditor-1', fullName: '加藤 隆', roles: ['auditor'], tenants: ['t-001'], trained: true },
  {
    name: 'auditor-2',
    fullName: '松本 紀子',
    roles: ['auditor'],
    tenants: ['operator'],
    trained: true,
  },
  {
    name: 'administrator-1',
    fullName: '吉田 明',
    roles: ['administrator'],
    tenants: ['operator'],
    trained: true,
  },
  {
    name: 'administrator-2',
    fullName: '山田 智子',
    roles: ['administrator'],
    tenants: ['operator'],
    trained: true,
  },
];
