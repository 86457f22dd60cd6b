"""Interim."""
import numpy as np
from rank_bm25 import BM25Okapi

class Okapi(BM25Okapi):
    def __init__(self, starts, docs, impacts, n):
        self.starts, self.docs, self.impacts, self.n = starts, docs, impacts, n
    @classmethod
    def build(cls, tokens, offsets, vocabulary, k1, b):
        n=len(offsets)-1
        doc=np.repeat(np.arange(n,dtype=np.int64),np.diff(offsets))
        key=tokens.astype(np.int64)*max(n,1)+doc
        u,tf=np.unique(key,return_counts=True)
        t=u//max(n,1); d=u%max(n,1)
        starts=np.searchsorted(t,np.arange(vocabulary+1))
        df=np.diff(starts)
        o=BM25Okapi.__new__(BM25Okapi); o.corpus_size=n; o.epsilon=.25; o.idf={}; o.average_idf=0
        nd={int(i):int(c) for i,c in enumerate(df) if c}
        if nd: o._calc_idf(nd)
        idf=np.zeros(vocabulary)
        for i,v in o.idf.items(): idf[i]=v
        lens=np.diff(offsets); avg=(lens.sum()/max(n,1)) or 1
        norm=k1*(1-b+b*lens/avg)
        return cls(starts,d.astype(np.int32),idf[t]*(tf*(k1+1)/(tf+norm[d])),n)
    def arrays(self): return {"starts":self.starts,"docs":self.docs,"impacts":self.impacts,"n":np.array([self.n])}
    @classmethod
    def from_arrays(cls,a): return cls(a["starts"],a["docs"],a["impacts"],int(a["n"][0]))
    def documents(self,t): return self.docs[self.starts[t]:self.starts[t+1]]
    def frequency(self,t): return 0 if t<0 else int(self.starts[t+1]-self.starts[t])
    def frequencies(self,ts): return self.starts[ts+1]-self.starts[ts]
    def scores(self,terms):
        s=np.zeros(self.n)
        for t in terms: s[self.documents(t)]+=self.impacts[self.starts[t]:self.starts[t+1]]
        return s
    def top(self,terms,k,*,added=None,group_of=None,within=None):
        s=self.scores(terms); m=np.zeros(self.n,bool)
        for t in terms: m[self.documents(t)]=True
        if within is not None: m&=within[group_of]
        if added is not None: s=s+added[group_of]
        f=np.flatnonzero(m); best=f[np.lexsort((f,-s[f]))[:k]]
        return best.astype(np.int32), s[best]
