import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  CalculationView,
  ClientRegisters,
  LoadView,
  OrderView,
  QuoteView,
  TariffsView,
} from '@kkt/web-contract';
import { api } from '@kkt/web-kit';
import { useEffect, useState } from 'react';

export const useTariffs = () =>
  useQuery({ queryKey: ['tariffs'], queryFn: ({ signal }) => api.get<TariffsView>('tariffs', signal) });

export const useLoad = () =>
  useQuery({ queryKey: ['load'], queryFn: ({ signal }) => api.get<LoadView>('load', signal) });

export const useGroups = () =>
  useQuery({
    queryKey: ['registers'],
    queryFn: ({ signal }) => api.get<ClientRegisters>('registers', signal),
  });

export const useOrders = () =>
  useQuery({
    queryKey: ['orders'],
    queryFn: ({ signal }) => api.get<{ orders: OrderView[] }>('orders', signal),
  });

const lookAgainMs = 1_500;

export const useOneOrder = (id: string) =>
  useQuery({
    queryKey: ['orders', id],
    queryFn: ({ signal }) => api.get<OrderView>(`orders/${encodeURIComponent(id)}`, signal),
    refetchInterval: ({ state }) => (state.data?.isReady ? false : lookAgainMs),
  });

/** A value that has not been changed for a moment: people type. */
export function useSettled<T>(value: T, afterMs = 300): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
    // The text says whether the value is another one.
  }, [text, afterMs]);
  return settled;
}

export interface QuoteWish {
  tariffId: string;
  registers: number;
  termDays: number;
  promoCode?: string;
}

export const useQuote = (wish: QuoteWish, isOn: boolean) =>
  useQuery({
    queryKey: ['quote', wish],
    queryFn: () => api.post<QuoteView>('quote', wish),
    enabled: isOn,
    placeholderData: keepPreviousData,
    retry: false,
  });

export interface CalculatorWish {
  receiptsPerDay: number;
  peakPerMinute: number;
  peakMinutes: number;
  paceMs: number;
  p99S: number;
  growthPerMonth: number;
}

export const useCalculation = (wish: CalculatorWish, isOn: boolean) =>
  useQuery({
    queryKey: ['calculator', wish],
    queryFn: () => api.post<CalculationView>('calculator', wish),
    enabled: isOn,
    placeholderData: keepPreviousData,
    retry: false,
  });
