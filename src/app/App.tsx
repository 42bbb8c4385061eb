// The whole screen: top bar, data, stage, block and scores, training. Wide screens show all at once without
// scrolling; narrow ones keep the stage in sight and put the panels into a sheet below it.
import { lazy, Suspense } from 'react';
import { useApp } from './shell/store';
import { NARROW, useMediaQuery } from './hooks/useMediaQuery';
import { useShortcuts } from './hooks/useShortcuts';
import { NarrowLayout } from './shell/NarrowLayout';
import { Notices } from './notices/Notices';
import { DropOverlay } from './images/DropOverlay';
import { usePaste } from './images/usePaste';
import { TopBar } from './topBar/TopBar';
import { LessonPart } from './lesson/LessonPart';
import { usePreviewScale } from './lesson/usePreviewScale';
import { WideLayout } from './shell/WideLayout';
import { Announcer } from './notices/Announcer';
import { useLanguage } from './languages/language';
import { t } from './languages/texts';

const LargeLoadDialog = lazy(() => import('./images/LargeLoadDialog'));
const ReadingDialog = lazy(() => import('./images/ReadingDialog'));
const PlacingDialog = lazy(() => import('./images/PlacingDialog'));
const SettingsDrawer = lazy(() => import('./settings/SettingsDrawer'));
const WeightsDialog = lazy(() => import('./weights/WeightsDialog'));
const ShareDialog = lazy(() => import('./share/ShareDialog'));
const LinkQuestion = lazy(() => import('./share/LinkQuestion'));
const LessonEditor = lazy(() => import('./lesson/LessonEditor'));
const SessionDialog = lazy(() => import('./sessions/SessionDialog'));
const CompareView = lazy(() => import('./compare/CompareView'));
const CameraDialog = lazy(() => import('./camera/CameraDialog'));
const HelpDialog = lazy(() => import('./help/HelpDialog'));

export function App() {
  // Another language renders everything anew.
  useLanguage();
  const narrow = useMediaQuery(NARROW);
  const settingsOpen = useApp((state) => state.layout.settingsOpen);
  const cameraOpen = useApp((state) => state.layout.cameraOpen);
  const helpOpen = useApp((state) => state.layout.helpOpen);
  const sessionOpen = useApp((state) => state.layout.sessionOpen);
  const compareOpen = useApp((state) => state.layout.compareOpen);
  const asked = useApp((state) => state.weights.asked);
  const largeLoad = useApp((state) => state.largeLoad.asked);
  const reading = useApp((state) => state.largeLoad.reading);
  const placing = useApp((state) => state.largeLoad.placing);
  const shareOpen = useApp((state) => state.layout.shareOpen);
  const editing = useApp((state) => state.layout.lessonEditorOpen);
  const question = useApp((state) => state.link.question);
  const look = useApp((state) => state.layout.look?.join(' '));
  const preview = usePreviewScale(editing && !narrow);
  useShortcuts();
  usePaste();
  return (
    <>
      <div
        className={`app ${narrow ? 'narrow' : 'wide'} ${preview ? 'preview' : ''}`}
        style={preview ?? undefined}
        data-look={look}
      >
        <a className="skip-link" href="#stage">
          {t('Skip to the image')}
        </a>
        <TopBar compact={narrow} />
        <div className="layout" inert={compareOpen}>
          {narrow ? <NarrowLayout /> : <WideLayout />}
        </div>
        {narrow && <LessonPart />}
        <Suspense>{compareOpen && <CompareView />}</Suspense>
        <Suspense>{settingsOpen && <SettingsDrawer />}</Suspense>
        <Suspense>{cameraOpen && <CameraDialog />}</Suspense>
        <Suspense>{helpOpen && <HelpDialog />}</Suspense>
        <Suspense>{shareOpen && <ShareDialog />}</Suspense>
        <Suspense>{question && <LinkQuestion question={question} />}</Suspense>
        <Suspense>{sessionOpen && <SessionDialog />}</Suspense>
        <Suspense>{largeLoad && <LargeLoadDialog estimate={largeLoad} />}</Suspense>
        <Suspense>{reading && <ReadingDialog reading={reading} />}</Suspense>
        <Suspense>{placing && <PlacingDialog placing={placing} />}</Suspense>
        <Suspense>{asked && <WeightsDialog offer={asked} />}</Suspense>
        <Notices />
        <Announcer />
        <DropOverlay />
      </div>
      <Suspense>{editing && <LessonEditor />}</Suspense>
    </>
  );
}
